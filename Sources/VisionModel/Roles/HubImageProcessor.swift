import VisionImage
import VisionSystem
import VisionTensor

/// The `preprocessor_config.json` of an image processor of transformers.
///
/// The rules are those of the processors that use Pillow (`image_processing_*.py` and `image_transforms.py`
/// of transformers): resize, crop the center with offsets rounded down, rescale, normalize. The `Fast`
/// processors follow the same rules but resize with torchvision, which rounds some pixels differently.
struct HubImageProcessor {
  private let object: ForeignObject
  private let kind: HubProcessorKind

  static func recognizes(_ json: JSONText) -> Bool {
    [
      "image_processor_type", "feature_extractor_type", "image_processor", "do_resize", "do_rescale",
      "do_normalize",
    ]
    .contains { json[$0] != nil }
  }

  init(_ json: JSONText) throws(ImageError) {
    // Newer files contain the parts of a processor side by side.
    if case .object? = json["image_processor"] {
      object = ForeignObject(json: json["image_processor"] ?? json, path: "image_processor.")
    } else {
      object = ForeignObject(json: json, path: "")
    }
    let key = object["image_processor_type"] == nil ? "feature_extractor_type" : "image_processor_type"
    if let name = object[key] {
      guard let kind = name.string.flatMap({ HubProcessorKind(className: $0) }) else {
        throw object.refusal(
          key, "the rules of \(name.string.map { "'\($0)'" } ?? "this") are not known here")
      }
      self.kind = kind
    } else {
      kind = .unnamed
    }
    try refuseUnknownKeys()
  }

  func preprocessing() throws(ImageError) -> Preprocessing {
    guard try object.flag("do_resize", default: true) else {
      throw object.refusal("do_resize", "images are not resized, so that their sides vary")
    }
    guard try !object.flag("do_pad", default: false) else {
      throw object.refusal("do_pad", "images are padded")
    }
    let (width, height, fit) = try self.fit()
    let (scale, mean, deviation) = try numbers()
    let flips = try object.flag("do_flip_channel_order", default: kind == .mobileViT)
    // Channels are flipped last there; VisionNet's numbers are in the order of the network's channels.
    return try object.preprocessing(
      width: width, height: height, fit, filter(), isBGR: flips, scale: scale,
      mean: flips ? mean.reversed() : mean, deviation: flips ? deviation.reversed() : deviation, "size")
  }

  // MARK: Sizes

  private enum Size {
    case shorterSide(Int)
    case both(height: Int, width: Int)
  }

  private func size(_ key: String, isSquare: Bool?) throws(ImageError) -> Size {
    let value = try object.required(key)
    if let items = value.array {
      guard items.count == 2 else { throw object.error(key, "is no list of height and width") }
      return .both(height: try object.side(items[0], key), width: try object.side(items[1], key))
    }
    guard case .object(let members) = value else {
      let side = try object.side(value, key)
      guard let isSquare else {
        throw object.error(
          key, "one number stands for both sides or for the shorter one, as the class of the processor says",
          remedy: "name the class with image_processor_type, or give height and width, or shortest_edge")
      }
      return isSquare ? .both(height: side, width: side) : .shorterSide(side)
    }
    var sides: [String: Int] = [:]
    for member in members {
      if case .null = member.value { continue }
      guard ["height", "width", "shortest_edge"].contains(member.key) else {
        throw object.refusal("\(key).\(member.key)", "sides that follow from this vary from image to image")
      }
      sides[member.key] = try object.side(member.value, "\(key).\(member.key)")
    }
    switch (sides["height"], sides["width"], sides["shortest_edge"]) {
    case (let height?, let width?, nil): return .both(height: height, width: width)
    case (nil, nil, let side?): return .shorterSide(side)
    default: throw object.error(key, "is neither height and width nor shortest_edge")
    }
  }

  private func fit() throws(ImageError) -> (width: Int, height: Int, FitMode) {
    var isSquare = kind.isSquare
    if object["default_to_square"] != nil { isSquare = try object.flag("default_to_square", default: true) }
    let size = try size("size", isSquare: isSquare)
    if kind == .convNext { return try convNext(size) }
    let resized = try resized(size)
    guard try object.flag("do_center_crop", default: false) else {
      switch resized {
      case .both(let height, let width): return (width, height, .squash)
      case .shorterSide:
        throw object.refusal(
          "do_center_crop", "nothing is cut out, so that the sides vary from image to image")
      }
    }
    guard kind != .square else {
      throw object.refusal(
        "do_center_crop", "some versions of this image processor cut the middle out, some do not")
    }
    guard case .both(let height, let width) = try self.size("crop_size", isSquare: true) else {
      throw object.error("crop_size", "is no height and width")
    }
    switch resized {
    case .shorterSide(let side):
      guard side >= max(height, width) else {
        throw object.refusal(
          "crop_size",
          "\(width)×\(height) is more than the \(side) pixels of the shorter side: images are padded")
      }
      return (width, height, .resizeShorterSide(to: side, rounding: .down))
    case .both(let rows, let columns):
      guard rows >= height, columns >= width else {
        throw object.refusal("crop_size", "\(width)×\(height) is more than the image: images are padded")
      }
      return (
        width, height,
        rows == height && columns == width ? .squash : .resizeBoth(width: columns, height: rows)
      )
    }
  }

  /// The size to which images are resized before the center crop.
  private func resized(_ size: Size) throws(ImageError) -> Size {
    switch (kind, size) {
    case (.levit, .shorterSide(let side)):
      // int((256 / 224) · side), in double precision as in transformers.
      guard let size = Int(exactly: ((256.0 / 224) * Double(side)).rounded(.towardZero)),
        Preprocessing.sides.contains(size)
      else { throw object.error("size", "the images get too large") }
      return .shorterSide(size)
    case (.poolFormer, _) where object["crop_pct"] != nil:
      let fraction = try object.number("crop_pct", default: 0.9)
      switch size {
      case .shorterSide(let side): return .shorterSide(try object.resized(side, by: fraction, "crop_pct"))
      case .both(let height, let width) where height == width:
        return .shorterSide(try object.resized(height, by: fraction, "crop_pct"))
      case .both(let height, let width):
        return .both(
          height: try object.resized(height, by: fraction, "crop_pct"),
          width: try object.resized(width, by: fraction, "crop_pct"))
      }
    default: return size
    }
  }

  /// Below 384 pixels, the center of a larger image; from 384 on, the whole image, squashed.
  private func convNext(_ size: Size) throws(ImageError) -> (width: Int, height: Int, FitMode) {
    guard case .shorterSide(let side) = size else {
      throw object.refusal("size", "this image processor takes shortest_edge only")
    }
    guard side < 384 else { return (side, side, .squash) }
    let fraction = try object.number("crop_pct", default: 224.0 / 256)
    return (
      side, side,
      .resizeShorterSide(to: try object.resized(side, by: fraction, "crop_pct"), rounding: .down)
    )
  }

  // MARK: Numbers

  private func filter() throws(ImageError) -> ResamplingFilter {
    let value = try object.required("resample")
    // Pillow's numbers for its filters.
    switch value.integer {
    case 0: return .nearest
    case 1: return .lanczos
    case 2: return .bilinear
    case 3: return .bicubic
    case 4: return .box
    default: throw object.refusal("resample", "images are not resized here with \(value.text)")
    }
  }

  private func numbers() throws(ImageError) -> (scale: Double, mean: [Double], deviation: [Double]) {
    let rescales = try object.flag("do_rescale", default: true)
    let scale = rescales ? try object.number("rescale_factor", default: 1.0 / 255) : 1
    var (mean, deviation) = ([0.0, 0, 0], [1.0, 1, 1])
    if try object.flag("do_normalize", default: kind != .mobileViT) {
      mean = try object.numbers(object.required("image_mean"), "image_mean")
      deviation = try object.numbers(object.required("image_std"), "image_std")
      guard mean.count == deviation.count else {
        throw object.error("image_std", "\(deviation.count) numbers for \(mean.count) channels")
      }
    }
    guard kind == .efficientNet else { return (scale, mean, deviation) }
    if rescales, try object.flag("rescale_offset", default: false) {
      mean = mean.map { $0 + 127.5 * scale }
    }
    if try object.flag("include_top", default: true) {
      let again = try object.numbers(object.required("image_std"), "image_std")
      guard again.count == deviation.count else {
        throw object.error("image_std", "\(again.count) numbers for \(deviation.count) channels")
      }
      deviation = zip(deviation, again).map { $0 * $1 }
    }
    return (scale, mean, deviation)
  }

  /// An unknown setting could change the numbers.
  private func refuseUnknownKeys() throws(ImageError) {
    guard case .object(let members) = object.json else { return }
    for (key, value) in members where !key.hasPrefix("_") && !kind.keys.contains(key) {
      switch value {
      case .null, .bool(false): continue
      default: throw object.refusal(key, "the setting is not known here")
      }
    }
  }
}
