import VisionData
import VisionNet

/// Folders of images with any names in them.
enum Folders {
  /// Lines of the input: `d` a folder, `f` an image, `b` a broken one, `t` a file of text, `p` a pipe, `l` a link, its
  /// target behind a `>`; each with the path of what is made.
  static func list(_ bytes: UnsafeRawBufferPointer) {
    let root = "\(Sandbox.inside)/tree"
    remove(Array(root.utf8))
    guard mkdir(root, 0o755) == 0 else { return }
    for line in bytes.split(separator: 10).prefix(64) where !line.isEmpty && line.count < 512 {
      make(Array(line), in: Array(root.utf8), image: image)
    }
    defer { remove(Array(root.utf8)) }
    guard let folder = try? ImageFolder(root, validation: 0.3) else { return }
    require(Set(folder.labels.map { Array($0.utf8) }).count == folder.labels.count, "each label once")
    for image in folder.images {
      require(image.path.utf8.starts(with: (root + "/").utf8), "images lie in the folder")
      require(image.path.utf8.elementsEqual("\(root)/\(image.relativePath)".utf8))
      require(folder.labels.indices.contains(image.label))
    }
    require(
      Set(folder.images.map { Array($0.path.utf8) }).count == folder.images.count, "each image once")
    _ = try? folder.check()
    if let survey = try? FolderSurvey(of: folder, threads: 1) {
      require(survey.data.images.count + survey.skipped.count >= folder.images.count, "none is lost")
    }
  }

  /// A PNG file of one gray pixel.
  static let image: [UInt8] = [
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52,
    0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3a, 0x7e, 0x9b,
    0x55, 0x00, 0x00, 0x00, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0xa8, 0x07, 0x00, 0x00,
    0x81, 0x00, 0x80, 0xd3, 0x94, 0x53, 0x4a, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae,
    0x42, 0x60, 0x82,
  ]

  private static func make(_ line: [UInt8], in root: [UInt8], image: [UInt8]) {
    let parts = line.dropFirst().split(separator: UInt8(ascii: ">"), maxSplits: 1)
    guard let name = parts.first.map(Array.init), isInside(name) else { return }
    let path = root + [UInt8(ascii: "/")] + name + [0]
    path.withUnsafeBytes {
      $0.withMemoryRebound(to: CChar.self) { path in
        guard let path = path.baseAddress else { return }
        switch line[0] {
        case UInt8(ascii: "d"): mkdir(path, 0o755)
        case UInt8(ascii: "f"): _ = Sandbox.replace(path, image)
        case UInt8(ascii: "b"): _ = Sandbox.replace(path, Array(image.prefix(40)))
        case UInt8(ascii: "t"): _ = Sandbox.replace(path, Array("text".utf8))
        case UInt8(ascii: "p"): mkfifo(path, 0o644)
        case UInt8(ascii: "l"):
          // Links lead somewhere in the tree, to itself, or nowhere.
          guard parts.count == 2, isInside(Array(parts[1])) || parts[1].elementsEqual(".".utf8) else {
            return
          }
          (Array(parts[1]) + [0]).withUnsafeBytes {
            $0.withMemoryRebound(to: CChar.self) { target in
              if let target = target.baseAddress { symlink(target, path) }
            }
          }
        default: return
        }
      }
    }
  }

  private static func isInside(_ name: [UInt8]) -> Bool {
    !name.contains(0) && name.first != UInt8(ascii: "/")
      && !name.split(separator: UInt8(ascii: "/")).contains { $0.elementsEqual("..".utf8) }
  }

  /// Removes a path and all that is below it, links themselves.
  private static func remove(_ path: [UInt8]) {
    (path + [0]).withUnsafeBytes {
      $0.withMemoryRebound(to: CChar.self) { name in
        guard let name = name.baseAddress, unlink(name) != 0, let stream = opendir(name) else { return }
        while let entry = readdir(stream) {
          let child = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: UInt8.self, capacity: 256) {
              Array(UnsafeBufferPointer(start: $0, count: strlen($0)))
            }
          }
          if child != Array(".".utf8), child != Array("..".utf8) {
            remove(path + [UInt8(ascii: "/")] + child)
          }
        }
        closedir(stream)
        rmdir(name)
      }
    }
  }
}
