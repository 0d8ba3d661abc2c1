import Foundation
import JSON

/// Feeds the JSON reader with whatever libFuzzer thinks of, and checks what must hold for any input:
/// the error lies inside the text; what is taken, Foundation takes too; each value, read alone, gives the same nodes.
@c(LLVMFuzzerTestOneInput)
func fuzzJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    var tape = JSONTape()
    do {
        try tape.read(bytes.span)
    } catch {
        precondition((0...count).contains(error.offset), "the error lies outside")
        precondition(error.found == (error.offset < count ? bytes[error.offset] : nil), "another byte stands there")
        return 0
    }
    checkNodes(tape, bytes)
    checkFoundation(bytes)
    checkDocument(bytes)
    return 0
}

/// Every value is inside the text, every container ends after its last value, and reading it alone agrees.
private func checkNodes(_ tape: JSONTape, _ bytes: [UInt8]) {
    var again = JSONTape()
    var reads = 0
    for index in 0..<tape.count {
        let node = tape[index]
        precondition(node.range.lowerBound >= 0 && node.range.upperBound <= bytes.count)
        precondition(node.next > index && node.next <= tape.count)
        // Reading every value of a deep text anew would take too long.
        guard reads < 64 else { continue }
        reads += 1
        do {
            let end = try again.readValue(bytes.span, at: node.range.lowerBound)
            precondition(end == node.range.upperBound && again.count == Int(node.next) - index)
            for inner in 0..<again.count {
                let (left, right) = (again[inner], tape[index + inner])
                precondition(left.kind == right.kind && left.range == right.range)
                precondition(left.hasEscapes == right.hasEscapes && Int(left.next) + index == Int(right.next))
            }
        } catch {
            preconditionFailure("a part is refused: \(error)")
        }
    }
}

/// Foundation limits numbers to what it can hold, which the grammar does not.
private func checkFoundation(_ bytes: [UInt8]) {
    let holdsNumbers = bytes.contains { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard !holdsNumbers, !bytes.isEmpty else { return }
    do {
        _ = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
    } catch {
        preconditionFailure("Foundation refuses what was taken: \(error)")
    }
}

/// Everything can be asked for, and every key is found.
private func checkDocument(_ bytes: [UInt8]) {
    guard let root = try? JSONDocument(bytes).root else { preconditionFailure("refused the second time") }
    _ = (root.text, root.int, root.double, root.bool, root.elements.count)
    for (key, _) in root.members.prefix(32) {
        precondition(root[key] != nil, "a key is lost")
        _ = root.values(at: key)
    }
}
