/// The supported rules of transformers' image processors, identified by class names.
enum HubProcessorKind {
  /// Images are resized to both sides, without a crop.
  case square
  /// Like `square`, but a center crop is possible.
  case squareCropped
  /// Like `squareCropped`, but a size of one number is that of the shorter side.
  case shorterSide
  case convNext, levit, poolFormer, efficientNet, mobileViT
  /// No class is named: the keys have their most common meaning.
  case unnamed

  /// The kind of a class; older class names end in `FeatureExtractor`, those based on torchvision in `Fast`.
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

  /// Whether a size of one number means both sides; nil if unknown.
  var isSquare: Bool? {
    switch self {
    case .square, .squareCropped, .efficientNet: true
    case .shorterSide, .convNext, .levit, .poolFormer, .mobileViT: false
    case .unnamed: nil
    }
  }

  /// The keys that are read, and those that do not change the numbers: class names, kinds of results, and the
  /// processing of segmentation maps. VisionNet's images are always RGB, as if `do_convert_rgb` were set.
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
