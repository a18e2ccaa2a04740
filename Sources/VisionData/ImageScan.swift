import VisionImage
import VisionSystem
import VisionTensor

/// The images below a folder, with notes on everything that was ignored.
///
/// Links to folders are followed after all real folders. A folder is read only once, whatever leads to it, so
/// that no image counts twice and cycles of links end.
struct ImageScan {
  struct Found {
    let path: String
    let relativePath: String
  }

  var images: [Found] = []
  var skipped: [SkippedFile] = []
  var notes: [String] = []
  /// Names left by systems and storage devices, with their counts.
  private(set) var litter = LitterCount()
  /// Links to folders that were not followed because their targets had already been read.
  private(set) var repeatedLinks: [String] = []
  private var others = 0
  private var seen: Set<FileIdentity>
  private var links: [(path: String, relative: String, identity: FileIdentity?)] = []

  /// Walks through `folder` and the folders below it; `relative` is its path below the data's root.
  ///
  /// - Parameter above: the folders that contain `folder`; links to them are not followed.
  init(_ folder: String, relative: String, above: Set<FileIdentity> = []) throws(DatasetError) {
    seen = above
    if let identity = FileIdentity(path: folder), !seen.insert(identity).inserted {
      notes.append("\(relative): a link to a folder that it lies in, not followed")
      repeatedLinks.append(folder)
      return
    }
    try walk(folder, relative, depth: 0)
    var next = 0
    while next < links.count {
      let link = links[next]
      next += 1
      guard !FileIdentity.isCircle(link.path, link.identity) else {
        notes.append("\(link.relative): a link to a folder that it lies in, not followed")
        repeatedLinks.append(link.path)
        continue
      }
      if let identity = link.identity, !seen.insert(identity).inserted {
        notes.append("\(link.relative): a link to a folder that is read already, not followed")
        repeatedLinks.append(link.path)
        continue
      }
      do {
        try walk(link.path, link.relative, depth: link.relative.utf8.count { $0 == UInt8(ascii: "/") })
      } catch {
        skipped.append(SkippedFile(path: error.place ?? link.path, code: error.code, message: error.message))
      }
    }
    if others > 0 {
      notes.append(
        "\(others) \(others == 1 ? "file" : "files") in \(relative) \(others == 1 ? "is" : "are") no images: ignored"
      )
    }
  }

  private mutating func walk(_ folder: String, _ relative: String, depth: Int) throws(DatasetError) {
    for entry in try FolderEntry.list(folder) {
      if entry.isLeftOut {
        if entry.isLitter {
          litter.add(entry)
        } else if entry.kind == .folder {
          notes.append("\(relative)/\(entry.printableName): hidden, ignored")
        }
        continue
      }
      switch entry.kind {
      case .folder:
        guard let name = entry.name else {
          skip(entry, folder)
          continue
        }
        let (path, below) = ("\(folder)/\(name)", "\(relative)/\(name)")
        guard depth < 32 else {
          notes.append("\(below): folders lie too deep in one another, ignored")
          continue
        }
        if entry.isLink {
          links.append((path, below, entry.identity))
          continue
        }
        if let identity = entry.identity, !seen.insert(identity).inserted {
          notes.append("\(below): a folder that a link led to before, not read twice")
          continue
        }
        do {
          try walk(path, below, depth: depth + 1)
        } catch {
          skipped.append(SkippedFile(path: error.place ?? folder, code: error.code, message: error.message))
        }
      case .file:
        guard entry.isImage(in: folder) else {
          others += 1
          continue
        }
        guard let name = entry.name else {
          skip(entry, folder)
          continue
        }
        images.append(Found(path: "\(folder)/\(name)", relativePath: "\(relative)/\(name)"))
      }
    }
  }

  private mutating func skip(_ entry: FolderEntry, _ folder: String) {
    skipped.append(
      SkippedFile(
        path: "\(folder)/\(entry.printableName)", code: DatasetError.Kind.name.rawValue,
        message: "the name is not UTF-8 text; rename the \(entry.kind == .file ? "file" : "folder")"))
  }
}
