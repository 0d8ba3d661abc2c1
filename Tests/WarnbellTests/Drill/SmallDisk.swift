import Foundation
import Glibc

/// A disk of its own for an installation's data that can be filled and made read-only. Only root may have one.
final class SmallDisk {
    private let mountPoint: String
    private var filler: String { "\(mountPoint)/filler" }

    static let isPermitted = geteuid() == 0 && (try? SmallDisk(for: Installation(), megabytes: 1)) != nil

    init(for installation: Installation, megabytes: Int) throws {
        mountPoint = installation.data
        try FileManager.default.createDirectory(atPath: mountPoint, withIntermediateDirectories: true)
        guard mount("tmpfs", mountPoint, "tmpfs", 0, "size=\(megabytes)m,mode=700") == 0 else {
            throw Failure(call: "mount", code: errno)
        }
    }

    deinit { umount2(mountPoint, 2) }

    struct Failure: Error {
        let call: String
        let code: Int32
    }

    /// Leaves nothing free.
    func fill() {
        let descriptor = open(filler, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        defer { close(descriptor) }
        for size in [64 << 10, 4 << 10] {
            let bytes = [UInt8](repeating: 0, count: size)
            while write(descriptor, bytes, size) > 0 {}
        }
    }

    func empty() { unlink(filler) }

    func makeReadOnly() throws {
        let remount = UInt(MS_REMOUNT | MS_RDONLY)
        guard mount("tmpfs", mountPoint, "tmpfs", remount, nil) == 0 else {
            throw Failure(call: "mount", code: errno)
        }
    }
}
