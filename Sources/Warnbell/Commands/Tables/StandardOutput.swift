import Glibc

/// Where commands print.
enum StandardOutput {
    /// Columns of the terminal; nil for a file or a pipe, and for a terminal that does not tell.
    static var width: Int? {
        var size = winsize()
        guard isatty(STDOUT_FILENO) == 1, unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0
        else { return nil }
        return Int(size.ws_col)
    }
}
