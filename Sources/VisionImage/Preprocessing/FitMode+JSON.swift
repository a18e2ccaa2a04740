import VisionSystem
import VisionTensor

/// JSON: an object with `mode` and the mode's own keys, such as `{"mode": "centerCrop", "fraction": 0.875}`.
extension FitMode: Codable {
  private enum Keys: String, CodingKey {
    case mode, fraction, side, width, height, fill, rounding, anchor, enlarges
  }

  private enum Mode: String, CaseIterable {
    case centerCrop, resizeShorterSide, resizeBoth, squash, letterbox

    var keys: [String] {
      switch self {
      case .centerCrop: ["mode", "fraction"]
      case .resizeShorterSide: ["mode", "side", "rounding"]
      case .resizeBoth: ["mode", "width", "height", "rounding"]
      case .squash: ["mode"]
      case .letterbox: ["mode", "fill", "anchor", "enlarges"]
      }
    }
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Keys.self)
    let mode: Mode = try values.word(.mode)
    try Preprocessing.refuseUnknownKeys(decoder, mode.keys)
    switch mode {
    case .centerCrop: self = .centerCrop(fraction: try values.value(.fraction))
    case .resizeShorterSide:
      self = .resizeShorterSide(
        to: try values.value(.side),
        rounding: values.contains(.rounding) ? try values.word(.rounding) : .halfToEven)
    case .resizeBoth:
      self = .resizeBoth(
        width: try values.value(.width), height: try values.value(.height),
        rounding: values.contains(.rounding) ? try values.word(.rounding) : .down)
    case .squash: self = .squash
    case .letterbox:
      let numbers: [Int] = try values.value(.fill)
      let fill = numbers.compactMap(UInt8.init(exactly:))
      guard numbers.count == 3, fill.count == 3 else {
        throw ImageError(
          .invalidPreprocessing, "a color is three numbers between 0 and 255", place: "fit.fill")
      }
      self = .letterbox(
        fill: RGBColor(red: fill[0], green: fill[1], blue: fill[2]),
        anchor: values.contains(.anchor) ? try values.word(.anchor) : .center,
        enlarges: values.contains(.enlarges) ? try values.value(.enlarges) : true)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Keys.self)
    func mode(_ mode: Mode) throws { try values.encode(mode.rawValue, forKey: .mode) }
    switch self {
    case .centerCrop(let fraction):
      try mode(.centerCrop)
      try values.encode(fraction, forKey: .fraction)
    case .resizeShorterSide(let side, let rounding):
      try mode(.resizeShorterSide)
      try values.encode(side, forKey: .side)
      // The mode's default rounding is omitted, so that existing files do not change.
      if rounding != .halfToEven { try values.encode(rounding, forKey: .rounding) }
    case .resizeBoth(let width, let height, let rounding):
      try mode(.resizeBoth)
      try values.encode(width, forKey: .width)
      try values.encode(height, forKey: .height)
      if rounding != .down { try values.encode(rounding, forKey: .rounding) }
    case .squash: try mode(.squash)
    case .letterbox(let fill, let anchor, let enlarges):
      try mode(.letterbox)
      try values.encode([fill.red, fill.green, fill.blue], forKey: .fill)
      if anchor != .center { try values.encode(anchor.rawValue, forKey: .anchor) }
      if !enlarges { try values.encode(enlarges, forKey: .enlarges) }
    }
  }
}
