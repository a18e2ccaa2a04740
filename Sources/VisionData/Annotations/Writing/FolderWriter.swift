import VisionSystem
import VisionTensor

/// Writes a folder beside the place where it is wanted, and moves it there when it is complete.
struct FolderWriter {
  private let temporary: String
  private var files: [String] = []
  /// Those made, each after the one that holds it.
  private var folders: [String] = []
  private var known: Set<String> = []

  init(beside target: String) throws(DatasetError) {
    temporary = "\(target).\(String(UInt32.random(in: .min ... .max), radix: 36)).part"
    // Folders above are made, too, and stay.
    var partial = target.utf8.first == UInt8(ascii: "/") ? "/" : ""
    for part in PathName.components(POSIX.directory(of: target)) {
      partial += part
      if mkdir(partial, 0o777) != 0, errno != EEXIST { throw Self.failure(errno, partial) }
      partial += "/"
    }
    guard mkdir(temporary, 0o777) == 0 else { throw Self.failure(errno, temporary) }
    folders = [temporary]
  }

  private static func failure(_ number: Int32, _ path: String) -> DatasetError {
    DatasetError(.notWritten, POSIX.message(number), place: path)
  }

  mutating func write(_ bytes: [UInt8], to path: String) throws(DatasetError) {
    let file = try place(path)
    let number = PlainFile.write(bytes, to: file)
    guard number == 0 else { throw Self.failure(number, file) }
  }

  /// Makes a link to a file, which leads there from anywhere.
  mutating func link(_ source: String, to path: String) throws(DatasetError) {
    let file = try place(path)
    guard let real = POSIX.realPath(source) else { throw Self.failure(errno, source) }
    guard symlink(real, file) == 0 else { throw Self.failure(errno, file) }
  }

  /// Makes the folders above a path.
  private mutating func place(_ path: String) throws(DatasetError) -> String {
    var folder = temporary
    for part in PathName.components(path).dropLast() {
      folder += "/\(part)"
      guard known.insert(folder).inserted else { continue }
      guard mkdir(folder, 0o777) == 0 else { throw Self.failure(errno, folder) }
      folders.append(folder)
    }
    let file = "\(temporary)/\(path)"
    files.append(file)
    return file
  }

  func finish(as target: String) throws(DatasetError) {
    let number = POSIX.rename(temporary, to: target)
    guard number == 0 else { throw Self.failure(number, target) }
  }

  /// Removes what was written.
  func remove() {
    for file in files { unlink(file) }
    for folder in folders.reversed() { rmdir(folder) }
  }
}
