import IPAddresses
import Pipeline
import Timestamps

/// One look-up in a directory of flow files: which files are read, how far, and what was missed.
struct DirectoryReading {
    private let configuration: NDJSONDirectory.Configuration
    private let addresses: [IPAddress]
    private let window: Range<Timestamp>
    private var scan: FlowScan
    private var bytesLeft: Int
    private var incomplete: [String] = []

    init(_ configuration: NDJSONDirectory.Configuration, _ addresses: [IPAddress], _ window: Range<Timestamp>) {
        self.configuration = configuration
        self.addresses = addresses
        self.window = window
        scan = FlowScan(
            addresses, in: window, maps: configuration.maps, conversationLimit: configuration.conversationLimit,
            roundLimit: configuration.roundLimit)
        bytesLeft = configuration.maxBytes
    }

    /// Reads the files, the newest first, until all are read or the bound is reached.
    mutating func run(isCancelled: () -> Bool) throws -> [FlowFindings] {
        let all = try FlowFile.list(in: configuration.directory)
        let files = all.filter(mayHoldWindow)
        if all.isEmpty {
            incomplete.append("no flow file in \(configuration.directory)")
        } else if files.isEmpty {
            incomplete.append(
                "no file in \(configuration.directory) was written to since \(window.lowerBound.iso8601)")
        }
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        for (index, file) in files.enumerated() {
            if isCancelled() { throw CancellationError() }
            guard try read(file, through: &buffer, isCancelled) else {
                incomplete.append(
                    "stopped after \(configuration.maxBytes) bytes in \(file.name): "
                        + "\(files.count - index - 1) older files were not read")
                break
            }
        }
        if scan.notJSON > 0 {
            incomplete.append("\(scan.notJSON) lines that name an address are no JSON")
        }
        return scan.findings(incomplete: incomplete)
    }

    /// A file last written to before the window began holds nothing of it. Only where the window begins ahead of our
    /// clock the flows were dated by another one, and the file's time says nothing.
    private func mayHoldWindow(_ file: FlowFile) -> Bool {
        file.modified >= window.lowerBound || window.lowerBound > configuration.now()
    }

    /// False when the bound was reached before the file's end. A file that cannot be read to its end is said in the
    /// answer, which the others still give.
    private mutating func read(
        _ file: FlowFile, through buffer: inout [UInt8], _ isCancelled: () -> Bool
    ) throws -> Bool {
        var lines = LineSplitter()
        do {
            var reader = try FlowFileReader(path: file.path)
            while true {
                if isCancelled() { throw CancellationError() }
                let count = try reader.read(into: &buffer)
                if count == 0 { break }
                guard count <= bytesLeft else {
                    bytesLeft = 0
                    return false
                }
                bytesLeft -= count
                lines.take(buffer.span.extracting(0..<count)) { scan.take($0) }
            }
        } catch let failure as FlowFileReader.Failure {
            incomplete.append("\(file.name) \(failure)")
        }
        lines.finish { scan.take($0, isUnfinished: true) }
        if lines.tooLong > 0 {
            incomplete.append("\(lines.tooLong) lines of \(file.name) are longer than \(FlowLimits.lineBytes) bytes")
        }
        return true
    }
}
