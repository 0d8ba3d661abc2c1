import CLinux
import Glibc

/// A regular file that is open for reading, closed with the last reference to it.
package final class OpenFile: Sendable {
    private let descriptor: Descriptor
    /// The size in bytes when it was opened.
    package let size: Int

    /// Opens `path`, the last part of which must not be a symbolic link.
    package init(path: String) throws(OpenError) {
        // O_NONBLOCK: a FIFO in the place of a file must not hold the caller up.
        let number = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard number >= 0 else { throw OpenError.failed(errno: errno) }
        let opened = Descriptor(number)
        let size = clinux_regular_file_size(number)
        guard size >= 0 else { throw OpenError.notRegular }
        descriptor = opened
        self.size = Int(size)
    }

    package enum OpenError: Error, Equatable {
        /// `open` said no.
        case failed(errno: Int32)
        /// A directory, device or pipe.
        case notRegular
    }

    /// Reads into `buffer` from `offset` on; the number of bytes read, 0 at the file's end, nil on an error.
    func read(at offset: Int, into buffer: inout MutableSpan<UInt8>) -> Int? {
        let count = unsafe buffer.withUnsafeMutableBufferPointer {
            unsafe pread(descriptor.number, $0.baseAddress, $0.count, offset)
        }
        return count < 0 ? nil : count
    }
}
