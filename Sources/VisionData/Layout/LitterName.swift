/// Names of folders and files that systems, storage devices, editors and archive programs leave next to the
/// user's own. Their contents may look like images but are not part of the data.
package enum LitterName {
  /// In lower case, because some of these systems use either case.
  private static let folders: Set<String> = [
    // Storage devices: thumbnails, recycle bins, snapshots.
    "@eadir", "@tmp", "@recycle", "@recently-snapshot", "@__thumb", "@sharebin", "@sharesnap", "#recycle",
    "#snapshot", "~snapshot", ".snapshot", ".snapshots", ".@__thumb", ".@__qini", ".@upload_cache", ".zfs",
    ".syncthing", ".stfolder", ".stversions", ".sync", ".dropbox.cache", ".tmp.drivedownload",
    ".tmp.driveupload",
    // Systems: trash, lost files, indexes, thumbnails.
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

  /// Whether a folder with that name is ignored.
  package static func isFolder(_ name: some Sequence<UInt8>) -> Bool {
    let bytes = Array(name)
    // In lower case, this could be the name of a class.
    if bytes.elementsEqual("RECYCLER".utf8) { return true }
    let lower = lowercased(bytes)
    return folders.contains(lower) || lower.hasPrefix(".trash")
  }

  /// Whether a file with that name is ignored.
  package static func isFile(_ name: some Sequence<UInt8>) -> Bool {
    let bytes = Array(name)
    // The files that macOS creates next to others on foreign disks, and those that storage devices derive
    // from them.
    if bytes.starts(with: "._".utf8) { return true }
    let lower = lowercased(bytes)
    return files.contains(lower) || lower.hasPrefix(".trash") || lower.hasPrefix("synofile_thumb")
      || lower.hasPrefix("synophoto_thumb") || lower.hasPrefix(".nfs0") || lower.hasPrefix(".fuse_hidden")
  }

  private static func lowercased(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.map { (65...90).contains($0) ? $0 + 32 : $0 }, as: UTF8.self)
  }
}
