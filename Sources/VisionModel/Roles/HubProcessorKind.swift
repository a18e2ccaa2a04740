/// The rules of the image processors of transformers that are known here, by their classes.
enum HubProcessorKind {
  /// Images resized to both sides, of which nothing is cut out.
  case square
  /// The same, and the middle may be cut out.
  case squareCropped
  /// The same, for images resized by their shorter sides where the size is one number.
  case shorterSide
  case convNext, levit, poolFormer, efficientNet, mobileViT
  /// No class is named: the meaning that most give to the keys.
  case unnamed

  /// The kind of a class; the older names end in `FeatureExtractor`, those that compute with torchvision in `Fast`.
  init?(className: String) {
    var name = className[...]
    if name.hasSuffix("Fast") { name = name.dropLast(4) }
    guard let end = ["ImageProcessor", "FeatureExtractor"].first(where: { name.hasSuffix($0) }) else {
      return nil
    }
    switch name.dropLast(end.count) {
    case "ViT", "Pvt", "Siglip", "Segformer", "Blip": self = .square
    case "DeiT", "Beit", "EfficientFormer": self = .squareCropped
    case "CLIP", "ChineseCLIP", "Bit", "MobileNetV1", "MobileNetV2", "ViTHybrid": self = .shorterSide
    case "ConvNext": self = .convNext
    case "Levit": self = .levit
    case "PoolFormer": self = .poolFormer
    case "EfficientNet": self = .efficientNet
    case "MobileViT": self = .mobileViT
    default: return nil
    }
  }

  /// Whether a size of one number stands for both sides; nil where that is not known.
  var isSquare: Bool? {
    switch self {
    case .square, .squareCropped, .efficientNet: true
    case .shorterSide, .convNext, .levit, .poolFormer, .mobileViT: false
    case .unnamed: nil
    }
  }

  /// The keys that are read, and those that change no number: names of classes, what is returned, and what is done to maps
  /// of segments. Images are always RGB here, as `do_convert_rgb` makes them.
  var keys: Set<String> {
    var keys: Set<String> = [
      "image_processor_type", "feature_extractor_type", "processor_class", "model_input_names",
      "return_tensors",
      "data_format", "input_data_format", "device", "disable_grouping", "use_fast", "transformers_version",
      "default_to_square", "do_convert_rgb", "do_reduce_labels", "reduce_labels", "image_seq_length",
      "do_resize",
      "size", "resample", "do_center_crop", "crop_size", "do_rescale", "rescale_factor", "do_normalize",
      "image_mean",
      "image_std", "do_pad", "do_flip_channel_order",
    ]
    switch self {
    case .convNext, .poolFormer: keys.insert("crop_pct")
    case .efficientNet: keys.formUnion(["rescale_offset", "include_top"])
    default: break
    }
    return keys
  }
}
