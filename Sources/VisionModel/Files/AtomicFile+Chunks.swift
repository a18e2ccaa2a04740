import VisionSystem
import VisionTensor

extension AtomicFile {
  /// Writes `bytes` beside `path`, flushes them to the disk, and renames.
  package static func write(_ bytes: [UInt8], to path: String) throws(FormatError) {
    var chunks = ByteChunks()
    chunks.append(bytes)
    try write(chunks, to: path)
  }

  /// Writes `chunks` beside `path`, flushes them to the disk, and renames.
  ///
  /// - Throws: `FormatError`; the old file, if any, is then untouched and nothing is left beside it.
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
