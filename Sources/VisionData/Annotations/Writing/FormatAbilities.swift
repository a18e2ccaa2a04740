/// What a format of annotations can hold besides classes and boxes.
struct FormatAbilities {
  enum Polygons {
    case none
    /// A single one, of which the box is the hull.
    case single
    /// Several, of which the box is the hull.
    case several
    /// Several beside a box of its own.
    case free
  }

  var marks: ObjectMarks = []
  var polygons = Polygons.none
  var holdsMasks = false
  var holdsConfidences = false
  var holdsAreas = false
  /// Whether an attribute can be written.
  var holdsAttribute: @Sendable (String) -> Bool = { _ in false }
  /// Whether classes without objects are named.
  var holdsClasses = false
  /// Whether images without a file can be described, since their size is stated.
  var holdsSizes = true
  /// Whether parts of the data lie in folders of their own.
  var hasPartFolders = false
  /// The folder of images before the folders of parts.
  var imageFolder = ""

  init(_ format: AnnotationFormat) {
    let all = ObjectMarks(ObjectMarks.named.map(\.mark))
    switch format {
    case .yolo:
      (polygons, holdsClasses, holdsSizes, hasPartFolders) = (.single, true, false, true)
      imageFolder = "images"
    case .coco:
      (marks, polygons, holdsMasks, holdsConfidences, holdsAreas) = (all, .free, true, true, true)
      (holdsAttribute, holdsClasses, hasPartFolders) = ({ _ in true }, true, true)
      imageFolder = "images"
    case .voc:
      marks = [.difficult, .truncated, .occluded]
      holdsAttribute = { $0 == "pose" }
      imageFolder = "JPEGImages"
    case .cvat:
      (marks, polygons, holdsAttribute, holdsClasses) = (all, .single, { _ in true }, true)
      imageFolder = "images"
    case .labelme:
      (marks, polygons, holdsAttribute, hasPartFolders) = (all, .several, { _ in true }, true)
    case .createml: (holdsSizes, hasPartFolders) = (false, true)
    case .csv:
      (marks, polygons, holdsConfidences) = (all, .free, true)
      imageFolder = "images"
    }
  }

  /// The polygons of an object that the format can hold; nil if only its box can be written.
  func polygons(of object: AnnotatedObject) -> [[ImagePoint]]? {
    guard case .polygons(let parts)? = object.outline else { return nil }
    switch polygons {
    case .none: return nil
    case .free: return parts
    case .single where parts.count > 1: return nil
    case .single, .several: return ObjectOutline.polygons(parts).isHulled(by: object.box) ? parts : nil
    }
  }

  /// Notes what of an object is lost.
  func addLosses(of object: AnnotatedObject, at place: String, to notes: inout AnnotationNotes) {
    let kinds: [(ObjectMarks, AnnotationNote.Kind)] = [
      (.crowd, .lostCrowd), (.difficult, .lostDifficult), (.truncated, .lostTruncated),
      (.occluded, .lostOccluded),
    ]
    for (mark, kind) in kinds where object.marks.contains(mark) && !marks.contains(mark) {
      notes.add(kind, at: place)
    }
    switch object.outline {
    case .polygons? where polygons(of: object) == nil:
      notes.add(polygons == .none ? .lostPolygons : .lostParts, at: place)
    case .mask? where !holdsMasks: notes.add(.lostMasks, at: place)
    default: break
    }
    if object.confidence != nil, !holdsConfidences { notes.add(.lostConfidences, at: place) }
    if object.statedArea != nil, !holdsAreas { notes.add(.lostAreas, at: place) }
    notes.add(.lostAttributes, count: object.attributes.count { !holdsAttribute($0.name) }, at: place)
  }
}
