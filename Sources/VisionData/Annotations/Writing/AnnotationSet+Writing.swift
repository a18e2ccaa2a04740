import VisionSystem
import VisionTensor

extension AnnotationSet {
  /// Writes the annotations, and the images beside them, to a new folder in the layout that programs for the
  /// format expect.
  ///
  /// - Parameters:
  ///   - folder: must not exist; it appears when it is complete.
  ///   - images: how the images get there.
  /// - Returns: notes of what the format cannot hold, and of images with new names.
  /// - Throws: `DatasetError`: `occupied` if there is something at the path, `notWritten` if the system does
  ///   not allow writing.
  public func write(as format: AnnotationFormat, to folder: String, images placement: ImagePlacement = .link)
    throws(DatasetError) -> [AnnotationNote]
  {
    var target = folder
    while target.utf8.count > 1, target.utf8.last == UInt8(ascii: "/") { target = String(target.dropLast()) }
    var status = stat()
    guard !target.isEmpty, !target.utf8.contains(0) else {
      throw DatasetError(.invalidArgument, "the folder to write has no valid name")
    }
    guard lstat(target, &status) != 0 else {
      throw DatasetError(
        .occupied, "there is something already", place: target, remedy: "give a folder that does not exist")
    }
    let export = AnnotationExport(self, as: format)
    var writer = try FolderWriter(beside: target)
    do {
      for (path, text) in export.files { try writer.write(Array(text.utf8), to: path) }
      for (path, source) in export.images {
        switch placement {
        case .none: break
        case .link: try writer.link(source, to: path)
        case .copy: try writer.write(AnnotationSource.bytes(of: source), to: path)
        }
      }
      try writer.finish(as: target)
    } catch {
      writer.remove()
      throw error
    }
    return export.notes.list
  }
}
