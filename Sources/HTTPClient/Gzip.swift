import CZlib

/// The gzip format of RFC 1952.
package enum Gzip {
    /// The bytes as one gzip member.
    package static func compress(_ bytes: [UInt8]) -> [UInt8] {
        var stream = unsafe z_stream()
        // Level 1: JSON shrinks well at any level, so time counts more than the last bytes.
        guard unsafe czlib_start_gzip(&stream, 1) == Z_OK else { fatalError("zlib: out of memory") }
        defer { unsafe deflateEnd(&stream) }
        let bound = unsafe Int(deflateBound(&stream, uLong(bytes.count)))
        return unsafe [UInt8](unsafeUninitializedCapacity: bound) { output, count in
            unsafe bytes.withUnsafeBufferPointer { input in
                // zlib does not write through it, it only fails to say so.
                unsafe stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                unsafe stream.avail_in = uInt(input.count)
                unsafe stream.next_out = output.baseAddress
                unsafe stream.avail_out = uInt(output.count)
                // The output has room for all, so one call ends the stream.
                let result = unsafe deflate(&stream, Z_FINISH)
                precondition(result == Z_STREAM_END)
            }
            unsafe count = Int(stream.total_out)
        }
    }
}
