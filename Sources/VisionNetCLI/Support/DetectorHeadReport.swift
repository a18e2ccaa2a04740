import VisionImage
import VisionModel
import VisionNet
import VisionSystem

/// What `inspect` says of the head of a detector of others.
struct DetectorHeadReport {
  private enum Finding {
    case detector(ForeignDetector)
    case unclear([DetectorKind])
  }

  private let finding: Finding

  /// Nil for models that say what they are, and for those whose outputs are no known detector's.
  init?(_ model: Model) {
    guard model.task != Signature.detection else { return nil }
    if let detector = try? ForeignDetector(model) {
      finding = .detector(detector)
      return
    }
    let kinds = ForeignDetector.kinds(fitting: model)
    guard kinds.count > 1 else { return nil }
    finding = .unclear(kinds)
  }

  var lines: [String] {
    switch finding {
    case .detector(let detector):
      var lines = ["head           \(detector.kind.rawValue), recognized by \(detector.evidence)"]
      if let steps = detector.model.preprocessing { lines.append("its images     \(steps.json)") }
      if let multiple = detector.multiple {
        lines.append("               their own sides, rounded up to multiples of \(multiple)")
      }
      return lines
    case .unclear(let kinds):
      return ["head           one of \(Self.names(kinds)): --head names it"]
    }
  }

  var json: JSON {
    switch finding {
    case .detector(let detector):
      [
        "heads": .array([.string(detector.kind.rawValue)]), "evidence": .string(detector.evidence),
        "preprocessing": detector.model.preprocessing.map { .verbatim($0.json) } ?? .null,
        "multiple": detector.multiple.map { .integer($0) } ?? .null,
      ]
    case .unclear(let kinds):
      [
        "heads": .array(kinds.map { .string($0.rawValue) }), "evidence": .null, "preprocessing": .null,
        "multiple": .null,
      ]
    }
  }

  private static func names(_ kinds: [DetectorKind]) -> String {
    kinds.map(\.rawValue).joined(separator: ", ")
  }
}
