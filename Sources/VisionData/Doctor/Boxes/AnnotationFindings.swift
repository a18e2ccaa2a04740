import VisionImage

/// The findings about files of annotations: what was noticed while they were read.
struct AnnotationFindings {
  private(set) var findings: [Finding] = []

  init(_ set: AnnotationSet) {
    for note in set.notes { add(note) }
    for file in set.skipped {
      let isAnnotation = DatasetError.Kind(rawValue: file.code) == .annotations
      findings.append(
        Finding(
          .error, isAnnotation ? .annotations : .undecodable, error: file.code, paths: [file.path],
          file.message,
          remedy: isAnnotation
            ? "annotate this image, or put back the one that was annotated" : "repair or remove the file"))
    }
  }

  private mutating func add(_ note: AnnotationNote) {
    let (severity, remedy) = Self.advice(note.kind)
    findings.append(
      Finding(
        severity, Self.isAboutTurning(note.kind) ? .turned : .annotations,
        paths: note.examples.map(Self.path),
        // The places are the finding's paths, which are listed below it.
        note.sentence, remedy: remedy))
  }

  private static func isAboutTurning(_ kind: AnnotationNote.Kind) -> Bool {
    [.storedFrame, .uprightFrame, .assumedFrame].contains(kind)
  }

  private static func advice(_ kind: AnnotationNote.Kind) -> (Finding.Severity, String) {
    switch kind {
    case .missingImages: (.error, "put the images where the annotations name them, or remove their entries")
    case .unknownImages: (.warning, "list the images, or remove the annotations")
    case .firstClassUnused: (.warning, "check that ids are those of the file that names the classes")
    case .severalParts, .repeated, .repeatedImages: (.warning, "leave one of them")
    case .severalClasses: (.warning, "leave the right class")
    case .mixedRows: (.warning, "write boxes or polygons, not both")
    case .assumedFrame:
      (.warning, "look at some of these with visionnet preview; save them upright, or state their sizes")
    case .outside, .empty: (.warning, "correct or remove the boxes")
    case .unlabeledImages: (.note, "annotate them; list images that show nothing without boxes")
    case .clipped: (.note, "no change is needed, unless they reach far beyond it")
    default: (.note, "no change is needed, if this is meant")
    }
  }

  /// The file of a place such as `a.xml, line 3`.
  private static func path(_ place: String) -> String {
    let (bytes, mark) = (Array(place.utf8), Array(", line ".utf8))
    guard bytes.count >= mark.count,
      let start = (0...bytes.count - mark.count).last(where: { bytes[$0...].starts(with: mark) })
    else { return place }
    return String(decoding: bytes[..<start], as: UTF8.self)
  }
}
