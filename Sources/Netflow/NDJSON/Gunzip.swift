import CZlib

/// Inflates gzip (RFC 1952) piece by piece, one member after another.
@safe final class Gunzip {
    // zlib keeps a pointer back to the stream, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>

    /// Whether all that was taken in so far is whole members.
    private(set) var isAtEnd = true

    init() {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        guard unsafe czlib_start_gunzip(stream) == Z_OK else { fatalError("zlib: out of memory") }
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Inflates into `output` from its beginning, until it is full or the input is used up. Nil for input that is no
    /// gzip, or was changed on its way.
    func inflate(_ input: Span<UInt8>, into output: inout [UInt8]) -> (consumed: Int, produced: Int)? {
        let (result, consumed, produced) = unsafe input.withUnsafeBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { output in
                // zlib does not write through it, it only fails to say so.
                unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                unsafe stream.pointee.avail_in = uInt(input.count)
                unsafe stream.pointee.next_out = output.baseAddress
                unsafe stream.pointee.avail_out = uInt(output.count)
                let result = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
                return unsafe (
                    result, input.count - Int(stream.pointee.avail_in), output.count - Int(stream.pointee.avail_out)
                )
            }
        }
        switch result {
        case Z_STREAM_END:
            isAtEnd = true
            unsafe inflateReset(stream)
        case Z_OK, Z_BUF_ERROR:
            if consumed > 0 { isAtEnd = false }
        default:
            // What came out before the damage is good; zlib fails again at the next call.
            guard produced > 0 else { return nil }
        }
        return (consumed, produced)
    }
}
