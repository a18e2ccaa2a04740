import Testing
import VisionSystem

/// Files that are seen whole or not at all.
@Suite struct AtomicFileTests {
  /// A folder that is gone with this object.
  private final class Folder {
    let path: String
    init() throws {
      var template = Array("/tmp/visionnet-atomic.XXXXXX".utf8CString)
      path = try #require(mkdtemp(&template).map { String(cString: $0) })
    }
    var names: [String] {
      guard let stream = opendir(path) else { return [] }
      defer { closedir(stream) }
      var result: [String] = []
      while let entry = readdir(stream) {
        let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
        result.append(String(decoding: bytes, as: UTF8.self))
      }
      return result.filter { !$0.hasPrefix(".") }.sorted()
    }
    func contents(_ name: String) -> String? {
      guard let file = fopen("\(path)/\(name)", "r") else { return nil }
      defer { fclose(file) }
      var buffer = [UInt8](repeating: 0, count: 100)
      return String(decoding: buffer[..<fread(&buffer, 1, 100, file)], as: UTF8.self)
    }
    deinit {
      for name in names { unlink("\(path)/\(name)") }
      rmdir(path)
    }
  }

  private func write(_ text: String, to path: String, isFlushed: Bool) throws {
    try AtomicFile.write(to: path, isFlushed: isFlushed) { descriptor in
      Array(text.utf8).withUnsafeBytes { POSIX.writeAll($0, to: descriptor) }
    }
  }

  @Test(arguments: [true, false]) func replacesTheOldFile(isFlushed: Bool) throws {
    let folder = try Folder()
    try write("old", to: "\(folder.path)/a", isFlushed: isFlushed)
    try write("new", to: "\(folder.path)/a", isFlushed: isFlushed)
    #expect(folder.contents("a") == "new")
    #expect(folder.names == ["a"])
  }

  @Test func aRefusedWriteLeavesTheOldFileAndNothingBesideIt() throws {
    let folder = try Folder()
    try write("old", to: "\(folder.path)/a", isFlushed: true)
    let failure = #expect(throws: AtomicFile.Failure.self) {
      try AtomicFile.write(to: "\(folder.path)/a", isFlushed: true) { _ in ENOSPC }
    }
    #expect(failure?.step == .written && failure?.number == ENOSPC)
    #expect(folder.contents("a") == "old")
    #expect(folder.names == ["a"])
  }

  @Test func whatCannotBeCreatedOrRenamedIsNamed() throws {
    let folder = try Folder()
    let missing = #expect(throws: AtomicFile.Failure.self) {
      try write("x", to: "\(folder.path)/none/a", isFlushed: false)
    }
    #expect(missing?.step == .created && missing?.number == ENOENT)
    mkdir("\(folder.path)/full", 0o700)
    defer { rmdir("\(folder.path)/full") }
    let isFolder = #expect(throws: AtomicFile.Failure.self) {
      try write("x", to: "\(folder.path)/full", isFlushed: false)
    }
    #expect(isFolder?.step == .renamed && isFolder?.number == EISDIR)
    #expect(folder.names == ["full"])
  }

  @Test func leftoversOfTheNamedFilesAreRemoved() throws {
    let folder = try Folder()
    for name in ["a", "a.1z.part", "b.1z.part", "a.%.part", "a.part"] {
      try write("x", to: "\(folder.path)/\(name)", isFlushed: false)
    }
    AtomicFile.removeLeftovers(of: ["a"], in: folder.path)
    #expect(folder.names == ["a", "a.%.part", "a.part", "b.1z.part"])
  }
}
