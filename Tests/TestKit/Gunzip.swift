import CZlib

/// Undoes gzip (RFC 1952); nil when the bytes are no whole gzip member.
package func gunzip(_ bytes: [UInt8]) -> [UInt8]? {
    var stream = z_stream()
    guard czlib_start_gunzip(&stream) == Z_OK else { return nil }
    defer { inflateEnd(&stream) }
    var input = bytes
    return input.withUnsafeMutableBufferPointer { input in
        stream.next_in = input.baseAddress
        stream.avail_in = uInt(input.count)
        var output: [UInt8] = []
        while true {
            var result = Z_OK
            output += [UInt8](unsafeUninitializedCapacity: 65_536) { chunk, count in
                stream.next_out = chunk.baseAddress
                stream.avail_out = uInt(chunk.count)
                result = inflate(&stream, Z_NO_FLUSH)
                count = chunk.count - Int(stream.avail_out)
            }
            if result == Z_STREAM_END { return stream.avail_in == 0 ? output : nil }
            guard result == Z_OK else { return nil }
        }
    }
}
