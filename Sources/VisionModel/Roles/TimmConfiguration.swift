import VisionImage

/// The `config.json` of a timm model, whose `pretrained_cfg` describes the preprocessing.
///
/// The rules and defaults are those of `resolve_data_config` and `transforms_imagenet_eval`
/// (timm/data/config.py and transforms_factory.py), with the training sizes, which
/// `resolve_model_data_config` uses. In older files the members of `pretrained_cfg` are at the top level,
/// next to `architecture`.
struct TimmConfiguration {
  private let object: ForeignObject

  static func recognizes(_ json: JSONText) -> Bool {
    if case .object? = json["pretrained_cfg"] { return true }
    return json["architecture"] != nil && json["input_size"] != nil
  }

  init(_ json: JSONText) {
    if let inner = json["pretrained_cfg"] {
      object = ForeignObject(json: inner, path: "pretrained_cfg.")
    } else {
      object = ForeignObject(json: json, path: "")
    }
  }

  func preprocessing() throws(ImageError) -> Preprocessing {
    let (channels, height, width) = try inputSize()
    let mean = try numbers("mean", channels, default: [0.485, 0.456, 0.406])
    let deviation = try numbers("std", channels, default: [0.229, 0.224, 0.225])
    return try object.preprocessing(
      width: width, height: height, fit(height, width), filter(), isBGR: false, scale: 1.0 / 255, mean: mean,
      deviation: deviation, "input_size")
  }

  private func inputSize() throws(ImageError) -> (Int, Int, Int) {
    guard let value = object["input_size"] else { return (3, 224, 224) }
    guard let items = value.array, items.count == 3, let channels = items[0].integer else {
      throw object.error("input_size", "is no list of channels, height and width")
    }
    guard channels == 1 || channels == 3 else {
      throw object.refusal("input_size", "images have 1 or 3 channels; the network takes \(channels)")
    }
    return (channels, try object.side(items[1], "input_size"), try object.side(items[2], "input_size"))
  }

  private func numbers(_ key: String, _ channels: Int, default standard: [Double]) throws(ImageError)
    -> [Double]
  {
    guard let value = object[key] else {
      guard channels == standard.count else { throw object.error(key, "the key is missing") }
      return standard
    }
    let numbers = try object.numbers(value, key)
    guard numbers.count == channels else {
      throw object.error(key, "there are \(numbers.count) numbers for \(channels) channels")
    }
    return numbers
  }

  private func filter() throws(ImageError) -> ResamplingFilter {
    guard let value = object["interpolation"] else { return .bicubic }
    guard let name = value.string, let filter = ResamplingFilter(rawValue: name) else {
      throw object.refusal(
        "interpolation", "images are not resized here with \(value.string.map { "'\($0)'" } ?? "this")")
    }
    return filter
  }

  private func fit(_ height: Int, _ width: Int) throws(ImageError) -> FitMode {
    let fraction = try object.number("crop_pct", default: 0.875)
    let rows = try object.resized(height, by: fraction, "crop_pct")
    let columns = try object.resized(width, by: fraction, "crop_pct")
    let mode = object["crop_mode"]
    switch mode?.string ?? (mode == nil ? "center" : "") {
    case "center":
      // timm resizes such images with another class, whose filter and rounding have changed between versions.
      guard height == width else {
        throw object.refusal("input_size", "height and width differ, for which timm has no single rule")
      }
      return .resizeShorterSide(to: rows)
    case "squash":
      guard rows != height || columns != width else { return .squash }
      return .resizeBoth(width: columns, height: rows, rounding: .halfToEven)
    default: throw object.refusal("crop_mode", "is neither 'center' nor 'squash'")
    }
  }
}
