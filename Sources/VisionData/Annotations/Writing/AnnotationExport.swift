/// A set of annotations in a format, ready to be written.
struct AnnotationExport {
  /// The texts of files by their paths below the folder.
  private(set) var files: [(path: String, text: String)] = []
  /// The images: paths below the folder, and the files that they come from.
  private(set) var images: [(path: String, source: String)] = []
  private(set) var notes = AnnotationNotes()

  /// - Parameter set: annotations whose boxes lie inside of their images.
  init(_ set: AnnotationSet, as format: AnnotationFormat) {
    let abilities = FormatAbilities(format)
    let isSplit = set.images.contains { $0.part != nil }
    var names = ExportNames(hasPartFolders: abilities.hasPartFolders)
    var exported: [ExportedImage] = []
    var used = Set<Int>()
    for image in set.images {
      guard image.path != nil || abilities.holdsSizes else {
        notes.add(.lostImages, at: image.name)
        continue
      }
      var part = image.part
      // What YOLO's configuration does not name as a part is not part of the set.
      if format == .yolo, part == nil {
        part = .train
        notes.add(.lostUnsplit, at: image.name)
      }
      let (name, isNew) = names.name(for: image, part: part)
      if isNew { notes.add(.renamedImages, at: "\(image.name) → \(name)") }
      for object in image.objects {
        used.insert(object.label)
        abilities.addLosses(of: object, at: image.name, to: &notes)
      }
      let entry = ExportedImage(image: image, part: part, name: name)
      exported.append(entry)
      if let path = image.path { images.append((entry.path(abilities), path)) }
    }
    if !abilities.holdsClasses {
      for (label, name) in set.classes.enumerated() where !used.contains(label) {
        notes.add(.lostClasses, at: name)
      }
    }
    switch format {
    case .yolo: files = YOLOWriter.files(exported, set.classes, abilities)
    case .coco: files = COCOWriter.files(exported, set.classes, abilities)
    case .voc: files = VOCWriter.files(exported, set.classes, isSplit: isSplit)
    case .cvat: files = CVATWriter.files(exported, set.classes, abilities)
    case .labelme: files = LabelMeWriter.files(exported, set.classes, abilities)
    case .createml: files = CreateMLWriter.files(exported, set.classes)
    case .csv: files = BoxTableWriter.files(exported, set.classes, abilities, isSplit: isSplit)
    }
  }
}
