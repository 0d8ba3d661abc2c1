@testable import HTTPServer

/// Plays any bytes as a script for the connections of a reactor.
@c(LLVMFuzzerTestOneInput)
public func fuzzConnection(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let script = Array(UnsafeBufferPointer(start: start, count: min(count, 400)))
    do {
        try ConnectionScript.play(script)
    } catch {
        preconditionFailure("\(error)")
    }
    return 0
}
