/// The pictures below one folder, and a word on everything that was left out.
struct PictureScan {
  struct Found {
    let path: String
    let relativePath: String
  }

  var pictures: [Found] = []
  var skipped: [SkippedFile] = []
  var notes: [String] = []
  private var others = 0

  /// Walks through `folder` and the folders below it; `relative` is its path below the data's folder.
  ///
  /// Hidden entries are left out, links to folders below `folder` are not followed.
  init(_ folder: String, relative: String) throws(DatasetError) {
    try walk(folder, relative, depth: 0)
    if others > 0 {
      notes.append(
        "\(others) \(others == 1 ? "file" : "files") in \(relative) \(others == 1 ? "is" : "are") no pictures: ignored"
      )
    }
  }

  private mutating func walk(_ folder: String, _ relative: String, depth: Int) throws(DatasetError) {
    for entry in try FolderEntry.list(folder) {
      if entry.isHidden {
        if entry.kind == .folder { notes.append("\(relative)/\(entry.printableName): hidden, ignored") }
        continue
      }
      switch entry.kind {
      case .folder:
        guard let name = entry.name else {
          skip(entry, folder)
          continue
        }
        guard !entry.isLink, depth < 32 else {
          notes.append("\(relative)/\(name): a link to a folder, ignored")
          continue
        }
        do {
          try walk("\(folder)/\(name)", "\(relative)/\(name)", depth: depth + 1)
        } catch {
          skipped.append(SkippedFile(path: error.place ?? folder, code: error.code, message: error.message))
        }
      case .file:
        guard entry.isPicture(in: folder) else {
          others += 1
          continue
        }
        guard let name = entry.name else {
          skip(entry, folder)
          continue
        }
        pictures.append(Found(path: "\(folder)/\(name)", relativePath: "\(relative)/\(name)"))
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
