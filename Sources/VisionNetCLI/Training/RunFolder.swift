import VisionData
import VisionTraining
import VisionNet
import VisionSystem

/// The folder into which a training run writes its files: empty, and outside the data.
final class RunFolder {
  static let configurationName = "config.yaml"
  static let modelName = "model.onnx"
  static let metricsName = "metrics.json"
  /// The files that are written atomically.
  private static let names = [
    configurationName, modelName, metricsName, ImageLedger.fileName, Checkpoint.fileName, "metrics.csv",
    "report.html",
  ]

  /// The path of the folder. If its name was generated, it is final only after `make`.
  private(set) var path: String
  /// The generated name without its number; nil if the name was given.
  private let stem: String?
  private var number = 0
  /// Held while a process trains in the folder, to keep other processes out.
  private var lock: Int32 = -1

  deinit { if lock >= 0 { close(lock) } }

  /// Finds a free name, or checks the wanted one; does not create the folder yet.
  ///
  /// - Parameters:
  ///   - name: that of the data.
  ///   - root: the folder of the data.
  ///   - parent: the folder for generated names.
  init(wanted: String?, name: String, root: String, in parent: String = "runs") throws(CommandError) {
    if let wanted {
      guard !wanted.isEmpty else { throw CommandError(.usage, "--output wants the name of a folder") }
      switch FilePath(wanted).kind {
      case .missing: break
      case .file:
        throw CommandError(
          .io, "is a file, not a folder", place: wanted, remedy: "give the name of a new folder")
      case .directory: if !Self.isEmpty(wanted) { throw Self.notEmpty(wanted) }
      }
      (path, stem) = (wanted, nil)
    } else {
      let stem = "\(parent)/\(name)"
      number = 1
      while FilePath("\(stem)-\(number)").kind != .missing { number += 1 }
      (path, self.stem) = ("\(stem)-\(number)", stem)
    }
    try Self.checkOutside(path, root)
  }

  /// The folder of a run to resume.
  ///
  /// - Throws: `CommandError` if there is no such run, if it is finished, or if another process is training
  ///   in it.
  init(existing path: String) throws(CommandError) {
    (self.path, stem) = (path, nil)
    guard FilePath(path).kind == .directory else {
      throw CommandError(
        .missing, FilePath(path).kind == .missing ? "there is no such run" : "is a file, not a run's folder",
        place: path, remedy: "give the folder of a run, such as runs/photos-1")
    }
    guard has(Self.configurationName) else {
      throw CommandError(
        .missing, "the folder holds no run: there is no \(Self.configurationName)", place: path,
        remedy: "begin a new run by visionnet train DATA")
    }
    guard !has(Self.metricsName) else {
      throw CommandError(
        .usage, "the run is finished: \(Self.metricsName) is its last file", place: path,
        remedy: "use its \(Self.modelName), or begin a new run")
    }
    try hold()
  }

  func has(_ name: String) -> Bool { FilePath(file(name)).kind == .file }

  /// Keeps other processes from training in the folder while this one lives, and removes temporary files of a
  /// process that was killed while writing.
  func hold() throws(CommandError) {
    guard lock < 0 else { return }
    lock = open(path, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
    guard lock < 0 || flock(lock, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
      throw CommandError(
        .io, "another process is training in this folder", place: path, remedy: "wait until it ends")
    }
    AtomicFile.removeLeftovers(of: Self.names, in: path)
  }

  /// Creates the folder and its parents, for this process alone. Processes that start at the same time get
  /// different folders; if all were given the same one, only the first succeeds.
  func make() throws(CommandError) {
    if let stem { try take(stem) } else { try OutputNames([], in: path).makeFolder() }
    try checkWritable()
    try hold()
    // Another process may have trained in it since it was checked.
    if stem == nil, !Self.isEmpty(path) { throw Self.notEmpty(path) }
  }

  /// Creates the first folder `STEM-N` that does not exist, beginning with the number that was free before.
  /// Only one process can create a folder, so no lock is needed. A process that is killed leaves an empty
  /// folder, which is not used again.
  private func take(_ stem: String) throws(CommandError) {
    if let slash = stem.lastIndex(of: "/") { try OutputNames([], in: String(stem[..<slash])).makeFolder() }
    while mkdir(path, 0o777) != 0 {
      guard errno == EEXIST else {
        throw CommandError(
          .io, "cannot be made: \(POSIX.message(errno))", place: path,
          remedy: "give a folder that can be written by --output")
      }
      number += 1
      path = "\(stem)-\(number)"
    }
  }

  private func checkWritable() throws(CommandError) {
    if access(path, W_OK | X_OK) != 0 {
      throw CommandError(
        .io, "cannot be written: \(POSIX.message(errno))", place: path,
        remedy: "give a folder that can be written by --output")
    }
  }

  private static func notEmpty(_ path: String) -> CommandError {
    CommandError(
      .io, "the folder is not empty, and nothing is overwritten", place: path,
      remedy: "give the name of a new folder")
  }

  /// Creates a subfolder unless it exists, and returns its path.
  func makeSubfolder(_ name: String) throws(CommandError) -> String {
    try OutputNames([], in: file(name)).makeFolder()
    return file(name)
  }

  /// The path of the model's file.
  var model: String { file(Self.modelName) }

  func file(_ name: String) -> String { path.hasSuffix("/") ? path + name : "\(path)/\(name)" }

  /// Writes a small file atomically.
  func write(_ text: String, to name: String) throws {
    try AtomicFile.write(Array(text.utf8), to: file(name))
  }

  private static func isEmpty(_ path: String) -> Bool {
    guard let stream = opendir(path) else { return true }
    defer { closedir(stream) }
    var count = 0
    while readdir(stream) != nil { count += 1 }
    return count <= 2
  }

  private static func checkOutside(_ path: String, _ data: String) throws(CommandError) {
    guard FilePath(data).kind == .directory, let data = real(data) else { return }
    // The nearest existing folder above.
    var above = path
    while real(above) == nil {
      guard let slash = above.utf8.lastIndex(of: UInt8(ascii: "/")) else {
        above = "."
        break
      }
      above = slash == above.startIndex ? "/" : String(above[..<slash])
    }
    guard let place = real(above) else { return }
    // By bytes: Swift considers canonically equivalent texts equal, and a combining accent would merge with
    // the slash before it.
    if place.utf8.elementsEqual(data.utf8)
      || place.utf8.starts(with: (data == "/" ? data : data + "/").utf8)
    {
      throw CommandError(
        .usage, "the run's folder would lie inside the data", place: path,
        remedy: "give a folder elsewhere by --output")
    }
  }

  private static func real(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
