import VisionNet

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Photos of a folder and those below, as bytes in memory.
struct PhotoFolder {
  struct Empty: Error, CustomStringConvertible {
    let description: String
  }

  let paths: [String]
  let files: [[UInt8]]

  /// At most `limit` photos, spread evenly over those that there are.
  init(_ path: String, limit: Int) throws {
    var paths: [String] = []
    Self.collect(path, into: &paths)
    paths.sort()
    let count = min(paths.count, limit)
    self.paths = (0..<count).map { paths[$0 * paths.count / count] }
    files = self.paths.compactMap(Self.bytes)
    guard !files.isEmpty, files.count == count else {
      throw Empty(description: "\(path): no photos that can be read")
    }
  }

  private static func collect(_ path: String, into paths: inout [String]) {
    guard let folder = opendir(path) else { return }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasPrefix(".") { continue }
      let child = "\(path)/\(name)"
      var status = stat()
      guard stat(child, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR {
        collect(child, into: &paths)
      } else if [".jpg", ".jpeg", ".png"].contains(where: { name.lowercased().hasSuffix($0) }) {
        paths.append(child)
      }
    }
  }

  private static func bytes(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    var bytes = [UInt8](repeating: 0, count: max(0, ftell(file)))
    rewind(file)
    return fread(&bytes, 1, bytes.count, file) == bytes.count ? bytes : nil
  }
}
