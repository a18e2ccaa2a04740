import VisionData
import VisionTraining
import VisionNet
import VisionSystem

/// The folder that a training run leaves its files in: new, outside the data, never one that holds something.
final class RunFolder {
  static let configurationName = "config.yaml"
  static let modelName = "model.onnx"
  static let metricsName = "metrics.json"
  /// The files that are written as a whole.
  private static let names = [
    configurationName, modelName, metricsName, ImageLedger.fileName, Checkpoint.fileName, "metrics.csv",
    "report.html",
  ]

  /// Where the files go. A name that was found, and not given, is settled when the folder is made.
  private(set) var path: String
  /// What comes before the number of a name that was found; nil for a folder that was given.
  private let stem: String?
  private var number = 0
  /// Held while a process trains in the folder, so that no second one does.
  private var lock: Int32 = -1

  deinit { if lock >= 0 { close(lock) } }

  /// Finds a free name, or checks the one that is wanted; makes nothing yet.
  ///
  /// - Parameter parent: the folder that names are looked for in.
  init(wanted: String?, data: ImageFolder, in parent: String = "runs") throws(CommandError) {
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
      let stem = "\(parent)/\(data.name)"
      number = 1
      while FilePath("\(stem)-\(number)").kind != .missing { number += 1 }
      (path, self.stem) = ("\(stem)-\(number)", stem)
    }
    try Self.checkOutside(path, data.root)
  }

  /// The folder of a run that is to go on.
  ///
  /// - Throws: `CommandError` when there is no such run, when it is finished, and when another process is at it.
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

  /// Keeps other processes from training in the folder for as long as this one lives, and removes what one that was
  /// killed while it wrote a file has left.
  func hold() throws(CommandError) {
    guard lock < 0 else { return }
    lock = open(path, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
    guard lock < 0 || flock(lock, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
      throw CommandError(
        .io, "another process is training in this folder", place: path, remedy: "wait until it ends")
    }
    AtomicFile.removeLeftovers(of: Self.names, in: path)
  }

  /// Makes the folder and those above it, for this process alone: of several that begin at the same time each gets a folder
  /// of its own, or, where all were given the same one, all but the first are refused.
  func make() throws(CommandError) {
    if let stem { try take(stem) } else { try OutputNames([], in: path).makeFolder() }
    try checkWritable()
    try hold()
    // Another process may have trained in it since it was looked at.
    if stem == nil, !Self.isEmpty(path) { throw Self.notEmpty(path) }
  }

  /// Makes the first folder `STEM-N` that nobody has made, from the number on that was free before. Only one process can
  /// make a folder, so that no lock is needed; one that is killed leaves an empty folder, which nobody takes again.
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

  /// Makes a folder in it, unless it is there, and gives its path.
  func makeSubfolder(_ name: String) throws(CommandError) -> String {
    try OutputNames([], in: file(name)).makeFolder()
    return file(name)
  }

  func file(_ name: String) -> String { path.hasSuffix("/") ? path + name : "\(path)/\(name)" }

  /// Writes a small file, which is there as a whole or not at all.
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
    // The nearest folder above that is there already.
    var above = path
    while real(above) == nil {
      guard let slash = above.utf8.lastIndex(of: UInt8(ascii: "/")) else {
        above = "."
        break
      }
      above = slash == above.startIndex ? "/" : String(above[..<slash])
    }
    guard let place = real(above) else { return }
    // By bytes: texts that look alike are equal, and an accent would make the slash before it another character.
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
