/// Names of folders and files that systems, storage boxes, editors and archives leave beside people's own: what lies there
/// may look like images, but is none of the data.
package enum LitterName {
  /// In lower case, since some of these systems write them in either.
  private static let folders: Set<String> = [
    // Storage boxes: thumbnails, recycle bins, snapshots.
    "@eadir", "@tmp", "@recycle", "@recently-snapshot", "@__thumb", "@sharebin", "@sharesnap", "#recycle",
    "#snapshot", "~snapshot", ".snapshot", ".snapshots", ".@__thumb", ".@__qini", ".@upload_cache", ".zfs",
    ".syncthing", ".stfolder", ".stversions", ".sync", ".dropbox.cache", ".tmp.drivedownload",
    ".tmp.driveupload",
    // Systems: bins, lost files, indexes, thumbnails.
    "lost+found", "$recycle.bin", "$recycle", "system volume information", "found.000", "found.001",
    "msdownld.tmp",
    "network trash folder", "temporary items", "thevolumesettingsfolder", ".appledouble", ".appledb",
    ".appledesktop", ".spotlight-v100", ".fseventsd", ".temporaryitems", ".documentrevisions-v100",
    ".thumbnails", ".thumbs", ".thumb", ".xvpics", ".pics", ".cache", ".comments",
    // Archives and editors.
    "__macosx", ".ipynb_checkpoints", "__pycache__", ".picasaoriginals", ".picasa", ".git", ".svn", ".hg",
    ".dvc", ".idea", ".vscode", ".vs", ".dtrash",
  ]

  private static let files: Set<String> = [
    "thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "picasa.ini", ".picasa.ini", ".ds_store",
    ".localized", "icon\r", ".apdisk", ".directory", ".nomedia", "autorun.inf", ".gitkeep", ".gitignore",
    ".gitattributes", ".volumeicon.icns", ".dropbox", ".dropbox.attr", "folder.htt",
  ]

  /// Whether a folder of that name is left out.
  package static func isFolder(_ name: some Sequence<UInt8>) -> Bool {
    let bytes = Array(name)
    // A class may well be called so in small letters.
    if bytes.elementsEqual("RECYCLER".utf8) { return true }
    let lower = lowercased(bytes)
    return folders.contains(lower) || lower.hasPrefix(".trash")
  }

  /// Whether a file of that name is left out.
  package static func isFile(_ name: some Sequence<UInt8>) -> Bool {
    let bytes = Array(name)
    // What macOS keeps beside a file on foreign disks, and what storage boxes make of it.
    if bytes.starts(with: "._".utf8) { return true }
    let lower = lowercased(bytes)
    return files.contains(lower) || lower.hasPrefix(".trash") || lower.hasPrefix("synofile_thumb")
      || lower.hasPrefix("synophoto_thumb") || lower.hasPrefix(".nfs0") || lower.hasPrefix(".fuse_hidden")
  }

  private static func lowercased(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.map { (65...90).contains($0) ? $0 + 32 : $0 }, as: UTF8.self)
  }
}
