// Prints what photos show: ClassifyPhoto [MODEL] PHOTO…
// Without a model file it takes the pretrained EfficientNet-Lite0.
import VisionNet

var paths = Array(CommandLine.arguments.dropFirst())
do {
  let classifier: ImageClassifier
  if let first = paths.first, first.hasSuffix(".onnx") {
    paths.removeFirst()
    classifier = try ImageClassifier(contentsOf: first)
  } else {
    classifier = try ImageClassifier(pretrained: "efficientnet-lite0")
  }
  for path in paths {
    for prediction in try classifier.classify(contentsOf: path, top: 3) {
      print("\(path): \(prediction.label) \(prediction.probability)")
    }
  }
} catch {
  print("error: \(error)")
}
