import VisionImage
import VisionSystem

/// Finds the head of a network of others.
struct DetectorFinder {
  /// All heads; no network fits two of them, or else it is refused.
  static let heads: [any DetectorHead.Type] = [
    YOLOv5Head.self, YOLOHead.self, EndToEndHead.self, YOLOXHead.self, NanoDetPlusHead.self,
    NanoDetLevelsHead.self, PicoDetHead.self, SSDHead.self, RetinaNetHead.self, FCOSHead.self,
    CenterNetHead.self, CenterFaceHead.self, YuNetHead.self, DETRHead.self, RTDETRHead.self,
  ]

  /// - Parameter kind: the kind that the user names; nil to find it out.
  /// - Throws: `RoleError`, `head`, when the network fits no kind, several, or not the given one.
  static func head(_ view: DetectorView, _ kind: DetectorKind?) throws(RoleError) -> any DetectorHead {
    guard hasUsualSides(view) else {
      throw RoleError(
        .input, "the detector takes images of \(view.width)×\(view.height) pixels, not of 1 to 8192 a side")
    }
    if let names = view.metadata.names, !view.labels.isEmpty, names.count != view.labels.count {
      throw RoleError(
        .head, "there are \(view.labels.count) labels for the \(names.count) classes that the file names",
        remedy: "give one label a class, in the order of the file's names")
    }
    if let kind {
      guard let head = heads.first(where: { $0.kind == kind })?.find(in: view) else {
        throw RoleError(
          .head, "the outputs are not those of the head '\(kind.rawValue)': \(view.summary)",
          remedy: "the heads are: \(kinds)")
      }
      return head
    }
    if let task = view.metadata.task, !view.labels.isEmpty, task != "detect" {
      throw RoleError(
        .head, "the file says that its network is for '\(task)', not for finding objects",
        remedy: "name the head with --head if that is wrong")
    }
    let found = heads.compactMap { $0.find(in: view) }
    guard let head = found.first else {
      throw RoleError(
        .head, "the head of this detector is not known: \(view.summary)",
        remedy: "if it is one of these, name it with --head: \(kinds)")
    }
    guard found.count == 1 else {
      let names = found.map { type(of: $0).kind.rawValue }.joined(separator: ", ")
      throw RoleError(
        .head, "the outputs of this detector fit several heads (\(names)): \(view.summary)",
        remedy: "name the right one with --head")
    }
    return head
  }

  /// The names of the classes; none where nobody knows them.
  ///
  /// - Parameter given: those that the user gives or the file has.
  static func labels(
    _ given: [String], _ head: any DetectorHead, _ metadata: ForeignMetadata, classes: Int
  ) throws(RoleError) -> [String] {
    var labels = given.isEmpty ? head.labels : given
    if labels.isEmpty, metadata.lines.count == classes { labels = metadata.lines }
    guard labels.isEmpty || labels.count == classes else {
      throw RoleError(
        .head, "there are \(labels.count) labels for the \(classes) classes that the detector has",
        remedy: "give one label a class, in the order of the scores")
    }
    return labels
  }

  /// The kinds that the network fits.
  static func kinds(_ view: DetectorView) -> [DetectorKind] {
    hasUsualSides(view) ? heads.filter { $0.find(in: view) != nil }.map { $0.kind } : []
  }

  /// Whether the sides are those of images, since heads have constants for every cell.
  private static func hasUsualSides(_ view: DetectorView) -> Bool {
    Preprocessing.sides.contains(view.width) && Preprocessing.sides.contains(view.height)
  }

  private static var kinds: String { DetectorKind.allCases.map(\.rawValue).joined(separator: ", ") }
}
