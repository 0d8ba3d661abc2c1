/// What has come of an answer so far, within its limits.
struct Answer {
    private(set) var headers = HTTPClient.Headers()
    private(set) var body: [UInt8] = []

    /// The limit that was passed.
    private(set) var exceededLimit: Int?

    private var headerBytes = 0
    private let maxHeaderBytes: Int
    private let maxBodyBytes: Int

    init(_ configuration: HTTPClient.Configuration) {
        maxHeaderBytes = configuration.maxHeaderBytes
        maxBodyBytes = configuration.maxResponseBytes
    }

    /// Takes a line of the head, interim answers and trailers included; false when it is too much.
    mutating func takeHeader(_ line: Span<UInt8>) -> Bool {
        headerBytes += line.count
        guard headerBytes <= maxHeaderBytes else {
            exceededLimit = maxHeaderBytes
            return false
        }
        unsafe line.withUnsafeBufferPointer { unsafe headers.read(line: String(decoding: $0, as: UTF8.self)) }
        return true
    }

    /// Takes decompressed bytes of the body; false when it is too much.
    mutating func takeBody(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count <= maxBodyBytes - body.count else {
            exceededLimit = maxBodyBytes
            return false
        }
        unsafe bytes.withUnsafeBufferPointer { unsafe body.append(contentsOf: $0) }
        return true
    }
}
