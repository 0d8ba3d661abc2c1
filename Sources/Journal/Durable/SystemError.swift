import Glibc

/// The system's words for its errors.
enum SystemError {
    /// - Parameter number: an `errno`.
    static func text(_ number: Int32) -> String { unsafe String(cString: strerror(number)) }
}
