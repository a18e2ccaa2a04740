// The classic network for digits, 784 numbers in, 128, 64, and 10 out: Digits [FOLDER] [EPOCHS]
// FOLDER has a folder for each class, such as `visionnet datasets pull mnist-5k` makes. Without one, shapes are drawn
// into ./shapes and learned instead: harder for a network that does not know that pixels have neighbors.
import VisionNet

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Images as gray numbers from 0 to 1, N×1×28×28, and their classes.
func load(_ images: [LabeledImage]) throws -> (x: Tensor, y: Tensor) {
  let preprocessing = try Preprocessing(
    width: 28, height: 28, fit: .squash, channels: .gray, scale: [1 / 255.0])
  var numbers: [Float] = []
  for image in images {
    numbers += try preprocessing.apply(to: Image(contentsOf: image.path)).floats
  }
  return (Tensor(numbers, shape: [images.count, 1, 28, 28]), Tensor(images.map { Int64($0.label) }))
}

let arguments = CommandLine.arguments.dropFirst()
guard arguments.count <= 2, let epochs = Int(arguments.dropFirst().first ?? "10") else {
  print("usage: Digits [FOLDER] [EPOCHS]")
  exit(64)
}
do {
  let path = arguments.first ?? "shapes"
  if arguments.isEmpty { try DatasetStore().pull("shapes", to: path) }
  let folder = try ImageFolder(path)
  try folder.check()
  let training = try load(folder.training)
  let validation = try load(folder.validation)

  let network = Sequential {
    Flatten()
    Dense(128)
    ReLU()
    Dense(64)
    ReLU()
    Dense(folder.labels.count)
  }
  print(try network.graph(sample: [1, 28, 28]).summary)

  let fitted = try network.fit(
    training.x, training.y, epochs: epochs, validation: validation,
    report: { event in
      if case .epoch(let epoch) = event {
        print("epoch \(epoch.epoch): loss \(epoch.trainingLoss), right \(epoch.score("top1") ?? 0)")
      }
    })

  // What it says about images that it has not been trained on: the largest of its numbers is its answer.
  let test = folder.test.isEmpty ? folder.validation : folder.test
  let (x, y) = try load(test)
  let logits = try fitted.predict(x).floats
  let width = folder.labels.count
  let right = y.integers.enumerated().count { row, label in
    let scores = logits[row * width..<(row + 1) * width]
    return scores.firstIndex(of: scores.max() ?? 0) == row * width + label
  }
  print("\(right) of \(test.count) right")
} catch {
  print("error: \(error)")
  exit(1)
}
