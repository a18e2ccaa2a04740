public import VisionImage
import VisionSystem
import VisionTensor

/// Images and where objects are in them, from files in one of the formats of `AnnotationFormat`.
///
/// All boxes are in pixels of the upright images and inside of them. Whatever was read differently from how it
/// is written, or left out, is reported in a note; nothing is kept between runs.
public struct AnnotationSet: Sendable {
  /// The folder below which the images lie.
  public var root: String
  public var format: AnnotationFormat
  /// The names of the classes: in the order of the file that defines them, or else sorted by their bytes.
  public var classes: [String]
  /// The annotated images, in the order of the annotations.
  public var images: [AnnotatedImage]
  /// Images that cannot be used, with the reasons.
  public var skipped: [SkippedFile]
  public var notes: [AnnotationNote]

  package init(
    root: String, format: AnnotationFormat, classes: [String], images: [AnnotatedImage],
    skipped: [SkippedFile] = [], notes: [AnnotationNote] = []
  ) {
    (self.root, self.format, self.classes, self.images) = (root, format, classes, images)
    (self.skipped, self.notes) = (skipped, notes)
  }

  /// Reads the annotations at a path: a file, or a folder in which there is one kind of them.
  ///
  /// - Parameters:
  ///   - threads: those that read the headers of images; nil for one per core.
  /// - Throws: `DatasetError`: `missing` and `unreadable` for files; `ambiguous` where a folder has several
  ///   annotations; `annotations` with the line for a file that is damaged, numbers that are not finite, and
  ///   ids that no class has; `noImages` if no image remains.
  public init(_ path: String, options: AnnotationOptions = AnnotationOptions(), threads: Int? = nil)
    throws(DatasetError)
  {
    let place = Self.withoutSlash(path)
    let (source, others) = try Self.source(place, options)
    var draft = try Self.read(source)
    draft.isElsewhere = source.isElsewhere
    for other in others { draft.notes.add(.otherFiles, at: other) }
    let assembly = try AnnotationAssembly(draft, frame: options.frame, threads: threads)
    var notes = assembly.notes
    if source.format != .yolo, FolderEntry.kind(of: place) == .folder {
      let scan = try ImageScan(place, relative: "", above: [])
      let known = Set(assembly.images.compactMap(\.path) + assembly.skipped.map(\.path))
      for image in scan.images where !known.contains(PathName.normalized(image.path)) {
        notes.add(.unlabeledImages, at: String(image.relativePath.drop { $0 == "/" }))
      }
    }
    guard !assembly.images.isEmpty else {
      let reason = assembly.skipped.first.map { ": \($0.path): \($0.message)" } ?? ""
      throw DatasetError(.noImages, "there is no annotated image that can be used\(reason)", place: place)
    }
    self.init(
      root: source.root, format: source.format, classes: assembly.classes, images: assembly.images,
      skipped: assembly.skipped, notes: notes.list)
  }

  private static func withoutSlash(_ path: String) -> String {
    var path = path
    while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path = String(path.dropLast()) }
    return path
  }

  /// The annotations at a place, or those that the options name for the images below it.
  private static func source(_ place: String, _ options: AnnotationOptions) throws(DatasetError) -> (
    source: AnnotationSource, others: [String]
  ) {
    guard let annotations = options.annotations else {
      return try AnnotationSearch.source(place, format: options.format)
    }
    switch FolderEntry.kind(of: place) {
    case nil: throw DatasetError(.missing, "there is no such folder of images", place: place)
    case .file?:
      throw DatasetError(
        .annotations, "annotations are named for a file, and not for the folder of their images",
        place: place,
        remedy: "give the folder of the images as the data")
    case .folder?: break
    }
    var (source, others) = try AnnotationSearch.source(withoutSlash(annotations), format: options.format)
    (source.folder, source.root, source.isElsewhere) = (source.root, place, true)
    return (source, others)
  }

  private static func read(_ source: AnnotationSource) throws(DatasetError) -> AnnotationDraft {
    switch source.format {
    case .yolo: try YOLOReader.read(source)
    case .coco: try COCOReader.read(source)
    case .voc: try VOCReader.read(source)
    case .cvat: try CVATReader.read(source)
    case .labelme: try LabelMeReader.read(source)
    case .createml: try CreateMLReader.read(source)
    case .csv: try BoxTableReader.read(source)
    }
  }

  /// The number of objects in all images.
  public var objectCount: Int { images.reduce(0) { $0 + $1.objects.count } }
}

extension AnnotationSet {
  /// Whether data are images with annotated boxes, and not, for example, folders of classes.
  ///
  /// A list of classes alone is no annotation; then there must be objects.
  package static func isFound(at path: String) -> Bool {
    if FolderEntry.kind(of: path) == .file { return AnnotationSniffer.format(of: path) != nil }
    do throws(DatasetError) {
      let (source, _) = try AnnotationSearch.source(path, format: nil)
      let isConfigured = source.files.contains { ["yaml", "yml"].contains(PathName.ending($0.path)) }
      guard source.format == .yolo, !isConfigured else { return true }
      return try AnnotationSet(path, threads: 1).objectCount > 0
    } catch {
      // Of several kinds none can be chosen, but boxes they are.
      return error.kind == .ambiguous
    }
  }
}
