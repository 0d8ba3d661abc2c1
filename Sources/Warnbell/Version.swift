/// The version of Warnbell, as `--version`, metrics and the `User-Agent` of requests tell it.
enum Version {
    static let current = "0.1.0"
}
