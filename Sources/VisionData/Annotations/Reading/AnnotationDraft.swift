import VisionImage

/// What a reader finds in files of annotations.
struct AnnotationDraft {
  /// How boxes are measured.
  enum Unit {
    case pixels
    /// Parts of the image's sides.
    case sides
  }

  /// The folder below which the images lie.
  var root: String
  var unit = Unit.pixels
  var classes = ClassTable()
  /// Whether the order of the classes is that of a file; otherwise they are sorted by name.
  var isOrdered = false
  var images: [DraftImage] = []
  var notes = AnnotationNotes()
  /// Files that cannot be used.
  var skipped: [SkippedFile] = []

  /// Whether the images are below the root alone, since the annotations lie elsewhere.
  var isElsewhere = false

  init(root: String) { self.root = root }
}
