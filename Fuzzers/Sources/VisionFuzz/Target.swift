/// What is fuzzed; the environment variable `VISIONNET_FUZZ` names one, and `VISIONNET_FUZZ_FOLDER` may name a folder for
/// the files that some of them need.
enum Target: String, CaseIterable {
  case png, jpeg, webp, heic, avif, tiff, gif, bmp, exif, xmp
  case onnx, frozen, hdf5, keras, safetensors, checkpoint, npy, preprocessing, manifest, paths
  case idx, gzip, csv, columns, training, yaml, folder
  case labels, preprocessor
  case yolo, coco, voc, cvat, labelme, createml, boxes, xml

  /// Tries one input: a crash, a hang or too much memory is a finding, a thrown error is not.
  var body: (UnsafeRawBufferPointer) -> Void {
    switch self {
    case .png, .jpeg, .webp, .heic, .avif, .tiff, .gif, .bmp: Images.decode
    case .exif: Images.exif
    case .xmp: Images.xmp
    case .onnx: Networks.onnx
    case .frozen: Networks.frozen
    case .hdf5: Networks.hdf5
    case .keras: Networks.keras
    case .safetensors: Tensors.safetensors
    case .checkpoint: Tensors.checkpoint
    case .npy: Tensors.npy
    case .preprocessing: Texts.preprocessing
    case .manifest: Texts.manifest
    case .paths: Paths.read
    case .idx: Datasets.idx
    case .gzip: Datasets.gzip
    case .csv: Tables.csv
    case .columns: Tables.columns
    case .training: Trainings.resume
    case .yaml: Trainings.yaml
    case .folder: Folders.list
    case .labels: Documents.labels
    case .preprocessor: Documents.preprocessor
    case .yolo: Annotations.yolo
    case .coco: Annotations.coco
    case .voc: Annotations.voc
    case .cvat: Annotations.cvat
    case .labelme: Annotations.labelme
    case .createml: Annotations.createml
    case .boxes: Annotations.boxes
    case .xml: Annotations.xml
    }
  }

  /// The chosen target; the process ends with a message when there is none.
  static let chosen: Target = {
    let name = getenv("VISIONNET_FUZZ").map { String(cString: $0) } ?? ""
    if let target = Target(rawValue: name) { return target }
    print("VISIONNET_FUZZ must be one of: \(allCases.map(\.rawValue).joined(separator: " "))")
    exit(64)
  }()
}
