import VisionModel
import VisionSystem

extension ContentHash {
  /// The hash of a file's contents.
  ///
  /// - Throws: `missing` or `io`.
  init(ofFile path: String) throws(StoreError) {
    do {
      self = try MappedFile(path).bytes.withUnsafeBytes { ContentHash(of: $0) }
    } catch {
      throw StoreError(error.kind == .missing ? .missing : .io, error.message, place: path)
    }
  }
}
