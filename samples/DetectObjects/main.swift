// Prints what is where in photos: DetectObjects [MODEL] PHOTO…
// Without a model file it takes the pretrained SSD-MobileNetV2.
import VisionNet

var paths = Array(CommandLine.arguments.dropFirst())
do {
  let detector: ObjectDetector
  if let first = paths.first, first.hasSuffix(".onnx") {
    paths.removeFirst()
    detector = try ObjectDetector(contentsOf: first)
  } else {
    detector = try ObjectDetector(pretrained: "ssd-mobilenetv2")
  }
  for path in paths {
    for object in try detector.detect(contentsOf: path) {
      let box = object.box
      print(
        "\(path): \(object.label) \(object.score), \(box.width)×\(box.height) pixels at (\(box.x), \(box.y))")
    }
  }
} catch {
  print("error: \(error)")
}
