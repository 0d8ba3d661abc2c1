import Glibc

/// A file read piece by piece; gzip is inflated on the way, whatever the file's name.
struct FlowFileReader: ~Copyable {
    private let file: ReadableFile

    /// Nil for a plain file.
    private let inflater: Gunzip?

    /// Compressed bytes, of which those in ``pending`` are yet to be inflated.
    private var input: [UInt8]
    private var pending = 0..<0

    /// Whether the last piece was as long as its buffer, so that the inflater may hold more of what it took in.
    private var wasFull = false

    enum Failure: Error, Equatable {
        case system(call: String, errno: Int32)
        case damaged
        /// A compressed file that ends in the middle; the collector may still be writing it.
        case truncated
    }

    init(path: String) throws(Failure) {
        let file = try ReadableFile(path: path)
        inflater = try file.startsLikeGzip() ? Gunzip() : nil
        input = inflater == nil ? [] : [UInt8](repeating: 0, count: 64 << 10)
        self.file = file
    }

    /// Reads the next piece into `buffer` from its beginning and tells its length: 0 at the end.
    mutating func read(into buffer: inout [UInt8]) throws(Failure) -> Int {
        guard let inflater else { return try file.read(into: &buffer) }
        while true {
            if pending.isEmpty && !wasFull {
                pending = 0..<(try file.read(into: &input))
                guard !pending.isEmpty else {
                    if inflater.isAtEnd { return 0 }
                    throw .truncated
                }
            }
            guard let result = inflater.inflate(input.span.extracting(pending), into: &buffer) else {
                throw .damaged
            }
            pending = pending.dropFirst(result.consumed)
            wasFull = result.produced == buffer.count
            if result.produced > 0 { return result.produced }
        }
    }
}

extension FlowFileReader.Failure: CustomStringConvertible {
    /// What befell the file, to be read after its name.
    var description: String {
        switch self {
        case .system(let call, let number):
            unsafe "cannot be read: \(call): \(String(cString: strerror(number)))"
        case .damaged: "is damaged: expected gzip to its end; what came before was read"
        case .truncated: "ends in the middle of its gzip data; what came before was read"
        }
    }
}

/// An open file, closed when it goes.
private struct ReadableFile: ~Copyable {
    private let descriptor: CInt

    init(path: String) throws(FlowFileReader.Failure) {
        // Not to wait for a writer, should a pipe have taken the file's place.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .system(call: "open", errno: errno) }
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    func read(into buffer: inout [UInt8]) throws(FlowFileReader.Failure) -> Int {
        while true {
            let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
            if count >= 0 { return count }
            guard errno == EINTR else { throw .system(call: "read", errno: errno) }
        }
    }

    /// Whether the first two bytes are those of RFC 1952.
    func startsLikeGzip() throws(FlowFileReader.Failure) -> Bool {
        var magic: [UInt8] = [0, 0]
        guard unsafe pread(descriptor, &magic, magic.count, 0) >= 0 else {
            throw .system(call: "pread", errno: errno)
        }
        return magic == [0x1f, 0x8b]
    }
}
