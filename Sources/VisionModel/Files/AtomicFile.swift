import VisionTensor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Replaces files as a whole: readers see the old bytes or the new ones, also after a crash.
package enum AtomicFile {
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
    let (temporary, descriptor) = try create(beside: path)
    var isOpen = true
    func fail(_ what: String) -> FormatError {
      let error = POSIX.writeError(path, "cannot be \(what)")
      if isOpen { close(descriptor) }
      unlink(temporary)
      return error
    }
    for chunk in chunks.chunks {
      let isWritten =
        switch chunk {
        case .bytes(let bytes): bytes.withUnsafeBytes { POSIX.write($0, to: descriptor) }
        case .tensor(let tensor): tensor.withUnsafeBytes { POSIX.write($0, to: descriptor) }
        }
      guard isWritten else { throw fail("written") }
    }
    guard fsync(descriptor) == 0 else { throw fail("flushed") }
    isOpen = false
    guard close(descriptor) == 0 else { throw fail("closed") }
    guard rename(temporary, path) == 0 else { throw fail("renamed") }
    // The name is on the disk only once its folder is; not every file system can do that, and the bytes are safe.
    let folder = open(POSIX.directory(of: path), O_RDONLY | O_CLOEXEC)
    if folder >= 0 {
      _ = fsync(folder)
      close(folder)
    }
  }

  /// Removes what a process that was killed while it wrote one of the files `names` in `folder` has left beside it.
  ///
  /// Nobody else may be writing them.
  package static func removeLeftovers(of names: [String], in folder: String) {
    guard let stream = opendir(folder) else { return }
    defer { closedir(stream) }
    var found: [String] = []
    while let entry = readdir(stream) {
      let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      guard let name = String(validating: bytes, as: UTF8.self), name.hasSuffix(ending),
        let own = names.first(where: { name.hasPrefix("\($0).") })
      else { continue }
      let random = name.dropFirst(own.count + 1).dropLast(ending.count)
      if UInt32(random, radix: 36) != nil { found.append(name) }
    }
    for name in found { unlink("\(folder)/\(name)") }
  }

  private static let ending = ".part"

  private static func create(beside path: String) throws(FormatError) -> (path: String, descriptor: Int32) {
    for _ in 0..<100 {
      let temporary = "\(path).\(String(UInt32.random(in: .min ... .max), radix: 36))\(ending)"
      let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return (temporary, descriptor) }
      guard errno == EEXIST else { break }
    }
    guard errno == ENOENT || errno == EACCES || errno == EROFS else {
      throw POSIX.writeError(path, "cannot be created")
    }
    throw FormatError(
      errno == ENOENT ? .missing : .io, "cannot be created: \(POSIX.lastError)", file: path,
      remedy: "check that the folder exists and may be written")
  }
}

extension FormatError {
  /// The error for a file that could not be written, from the last error of this thread.
  package static func writing(_ path: String, _ what: String) -> FormatError { POSIX.writeError(path, what) }
}
