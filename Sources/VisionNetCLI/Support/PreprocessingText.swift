import VisionImage
import VisionNet
import VisionSystem

/// A preprocessing as JSON for people, with its keys in a fixed order.
enum PreprocessingText {
  static func json(_ steps: Preprocessing) -> JSON {
    var members: [(String, JSON)] = [
      ("version", .integer(Preprocessing.jsonVersion)), ("width", .integer(steps.width)),
      ("height", .integer(steps.height)), ("fit", fit(steps.fit)), ("filter", .string(steps.filter.rawValue)),
      ("channels", .string(steps.channels.rawValue)), ("scale", numbers(steps.scale)),
      ("mean", numbers(steps.mean)), ("deviation", numbers(steps.deviation)),
    ]
    if steps.decoding != .full { members.append(("decoding", .string(steps.decoding.rawValue))) }
    if let levels = steps.levels {
      members.append(("levels", ["black": .integer(levels.black), "white": .integer(levels.white)]))
    }
    return .object(members)
  }

  private static func numbers(_ values: [Double]) -> JSON {
    .array(values.map { value in Int(exactly: value).map { .integer($0) } ?? .number(value) })
  }

  private static func fit(_ fit: FitMode) -> JSON {
    switch fit {
    case .centerCrop(let fraction): ["mode": "centerCrop", "fraction": .number(fraction)]
    case .resizeShorterSide(let side, let rounding):
      .object(
        [("mode", "resizeShorterSide"), ("side", .integer(side))] + member(rounding, unless: .halfToEven))
    case .resizeBoth(let width, let height, let rounding):
      .object(
        [("mode", "resizeBoth"), ("width", .integer(width)), ("height", .integer(height))]
          + member(rounding, unless: .down))
    case .squash: ["mode": "squash"]
    case .letterbox(let fill, let anchor, let enlarges):
      .object(
        [
          ("mode", "letterbox"),
          ("fill", .array([fill.red, fill.green, fill.blue].map { .integer(Int($0)) })),
        ] + (anchor == .center ? [] : [("anchor", .string(anchor.rawValue))])
          + (enlarges ? [] : [("enlarges", .bool(false))]))
    }
  }

  private static func member(_ rounding: CropRounding, unless own: CropRounding) -> [(String, JSON)] {
    rounding == own ? [] : [("rounding", .string(rounding.rawValue))]
  }
}
