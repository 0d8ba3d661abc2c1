import COpenSSL

extension TestAuthority {
    /// Signs an identity's certificate anew, valid for so many seconds from now; the `openssl` command counts in days.
    package func expire(_ identity: Identity, inSeconds seconds: Int) throws {
        let (certificateFile, keyFile) = (BIO_new_file(identity.certificate, "r"), BIO_new_file(key, "r"))
        let certificate = PEM_read_bio_X509(certificateFile, nil, nil, nil)
        let signer = PEM_read_bio_PrivateKey(keyFile, nil, nil, nil)
        defer {
            for file in [certificateFile, keyFile] { BIO_free(file) }
            X509_free(certificate)
            EVP_PKEY_free(signer)
        }
        guard let certificate, let signer, X509_gmtime_adj(X509_getm_notAfter(certificate), seconds) != nil,
            X509_sign(certificate, signer, EVP_sha256()) > 0, let output = BIO_new_file(identity.certificate, "w")
        else { throw OpenSSL.Failure(command: "X509_sign") }
        defer { BIO_free(output) }
        guard PEM_write_bio_X509(output, certificate) == 1 else { throw OpenSSL.Failure(command: "PEM_write") }
    }
}
