use crate::IndexError;
use crate::model::numbers;
use safetensors::SafeTensors;

/// The tensors of a reader's file.
pub(super) struct Weights<'a>(SafeTensors<'a>);

impl<'a> Weights<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, IndexError> {
        SafeTensors::deserialize(bytes).map(Self).map_err(|error| fault(&error.to_string()))
    }

    /// The numbers of the tensor of this name, of which there must be `length`.
    pub(super) fn numbers(&self, name: &str, length: usize) -> Result<Vec<f32>, IndexError> {
        let tensor = self.0.tensor(name).map_err(|error| fault(&format!("{name}: {error}")))?;
        numbers(&tensor, &format!("reader.safetensors: {name}"), length)
    }

    /// Rows and columns of the table of this name.
    pub(super) fn table(&self, name: &str) -> Result<(usize, usize), IndexError> {
        let tensor = self.0.tensor(name).map_err(|error| fault(&format!("{name}: {error}")))?;
        match *tensor.shape() {
            [rows, columns] if rows > 0 && columns > 0 => Ok((rows, columns)),
            _ => Err(fault(&format!("{name}: not a table"))),
        }
    }

    /// How many tensors have a name that ends so.
    pub(super) fn ending(&self, end: &str) -> usize {
        self.0.names().iter().filter(|name| name.ends_with(end)).count()
    }
}

pub(super) fn fault(what: &str) -> IndexError {
    IndexError::Model(format!("reader.safetensors: {what}"))
}
