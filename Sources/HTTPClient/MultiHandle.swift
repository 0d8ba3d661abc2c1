import CCurl

/// libcurl's set of transfers and the connections they share.
@safe final class MultiHandle {
    private let handle: UnsafeMutableRawPointer

    /// What must run once before anything else of libcurl; safe to touch from any thread.
    private static let library = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    init() {
        guard Self.library == CURLE_OK, let handle = unsafe curl_multi_init() else {
            fatalError("libcurl cannot start: no memory, or a TLS library that does not work")
        }
        unsafe self.handle = handle
    }

    deinit {
        unsafe curl_multi_cleanup(handle)
    }

    func limit(connectionsPerHost: Int) {
        unsafe ccurl_multi_set_long(handle, CURLMOPT_MAX_HOST_CONNECTIONS, connectionsPerHost)
    }

    /// Takes a transfer to be moved; nil, or why it was not taken.
    func add(_ transfer: Transfer) -> String? {
        let code = unsafe curl_multi_add_handle(handle, transfer.easy)
        return code == CURLM_OK ? nil : unsafe String(cString: curl_multi_strerror(code))
    }

    func remove(_ transfer: Transfer) {
        unsafe curl_multi_remove_handle(handle, transfer.easy)
    }

    /// Moves every transfer as far as it goes without waiting, and names those that have ended.
    func perform(finished: (Transfer.ID, CURLcode) -> Void) {
        var running: CInt = 0
        unsafe curl_multi_perform(handle, &running)
        var left: CInt = 0
        while let message = unsafe curl_multi_info_read(handle, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE else { continue }
            unsafe finished(Transfer.ID(message.pointee.easy_handle), message.pointee.data.result)
        }
    }

    /// Waits until a socket is ready, one of libcurl's timers is due, or somebody wakes it.
    func wait() {
        unsafe curl_multi_poll(handle, nil, 0, 60_000, nil)
    }

    func wake() {
        unsafe curl_multi_wakeup(handle)
    }
}

// `wake` may be called from any thread, curl says; all other calls are the loop's own.
extension MultiHandle: @unchecked Sendable {}
