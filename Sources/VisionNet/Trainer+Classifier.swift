import VisionGraph
import VisionImage
import VisionModel
import VisionSystem
import VisionTraining

extension Trainer {
  /// A classifier with the current weights of the network: with probabilities, and with an embedding where a
  /// single layer computes the logits.
  ///
  /// Its `model` also has the labels and the preprocessing, and can be written to a file.
  ///
  /// - Parameters:
  ///   - labels: the names of the K classes, in the order of the network's outputs.
  ///   - preprocessing: how images became the samples that the network was trained on.
  ///   - threads: threads to compute with; by default one per core.
  /// - Throws: `ClassifierError` when the network's input is not one image, or its output is not one number
  ///   per label.
  public func classifier(
    labels: [String], preprocessing: Preprocessing, threads: Int? = nil
  ) throws(ClassifierError) -> ImageClassifier {
    var model: Model
    do throws(GraphError) {
      model = Model(
        graph: try graph.withProbabilities(), parameters: parameters, labels: labels,
        preprocessing: preprocessing)
    } catch { throw ClassifierError(error) }
    // A network without a single last layer has no embedding.
    model.embedding = (try? HeadFinder(model.graph).head()).map { model.graph[$0.embedding].name }
    return try ImageClassifier(model, threads: threads)
  }
}
