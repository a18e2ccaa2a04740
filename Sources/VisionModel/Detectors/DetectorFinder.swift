import VisionSystem

/// Finds the head of a network of others.
struct DetectorFinder {
  /// All heads; no network fits two of them, or else it is refused.
  static let heads: [any DetectorHead.Type] = [
    YOLOv5Head.self, YOLOHead.self, EndToEndHead.self, YOLOXHead.self, NanoDetPlusHead.self,
    NanoDetLevelsHead.self, PicoDetHead.self, SSDHead.self, RetinaNetHead.self, FCOSHead.self,
    CenterFaceHead.self, YuNetHead.self, DETRHead.self, RTDETRHead.self,
  ]

  /// - Parameter kind: the kind that the user names; nil to find it out.
  /// - Throws: `RoleError`, `head`, when the network fits no kind, several, or not the given one.
  static func head(_ view: DetectorView, _ kind: DetectorKind?) throws(RoleError) -> any DetectorHead {
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

  /// The kinds that the network fits.
  static func kinds(_ view: DetectorView) -> [DetectorKind] {
    heads.filter { $0.find(in: view) != nil }.map { $0.kind }
  }

  private static var kinds: String { DetectorKind.allCases.map(\.rawValue).joined(separator: ", ") }
}
