import VisionSystem
import VisionTensor

extension AtomicFile {
  /// Writes `bytes` to a temporary file next to `path`, flushes it to disk, and renames it to `path`.
  package static func write(_ bytes: [UInt8], to path: String) throws(FormatError) {
    var chunks = ByteChunks()
    chunks.append(bytes)
    try write(chunks, to: path)
  }

  /// Writes `chunks` to a temporary file next to `path`, flushes it to disk, and renames it to `path`.
  ///
  /// - Throws: `FormatError`; then an existing file is unchanged and no temporary file is left.
  package static func write(_ chunks: ByteChunks, to path: String) throws(FormatError) {
    do throws(Failure) {
      try write(to: path, isFlushed: true) { descriptor in
        for chunk in chunks.chunks {
          let failure =
            switch chunk {
            case .bytes(let bytes): bytes.withUnsafeBytes { POSIX.writeAll($0, to: descriptor) }
            case .tensor(let tensor): tensor.withUnsafeBytes { POSIX.writeAll($0, to: descriptor) }
            }
          if let failure { return failure }
        }
        return nil
      }
    } catch { throw Self.error(error, path) }
  }

  private static func error(_ failure: Failure, _ path: String) -> FormatError {
    guard failure.step == .created, [ENOENT, EACCES, EROFS].contains(failure.number) else {
      return .writing(path, "cannot be \(failure.step)", failure.number)
    }
    return FormatError(
      failure.number == ENOENT ? .missing : .io, "cannot be created: \(POSIX.message(failure.number))",
      file: path, remedy: "check that the folder exists and may be written")
  }
}
