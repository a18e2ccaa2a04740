import Crypto
import VisionModel
import VisionTensor

/// SHA-256 as 64 lower-case hexadecimal digits.
enum Digest {
  static func sha256(_ bytes: [UInt8]) -> String { bytes.withUnsafeBytes { sha256($0) } }

  static func sha256(_ bytes: UnsafeRawBufferPointer) -> String {
    var hash = SHA256()
    hash.update(bufferPointer: bytes)
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in hash.finalize() {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Of the contents of a file.
  static func sha256(ofFile path: String) throws(StoreError) -> String {
    do {
      return try MappedFile(path).bytes.withUnsafeBytes { sha256($0) }
    } catch {
      throw StoreError(error.kind == .missing ? .missing : .io, error.message, place: path)
    }
  }
}
